using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using TByte.Functions.LocalHost.Data;
using TByte.Functions.LocalHost.Hosting;
using TByte.Functions.LocalHost.Servers;

namespace TByte.Functions.LocalHost.Supervision;

/// <summary>Runs the shop: its servers, its data and its function apps, each in a process of its own.</summary>
internal sealed class Supervisor(RunOptions options, Terminal terminal, TimeProvider time)
{
    private readonly List<(string Name, ISupervised Process)> _running = [];

    /// <summary>Returns when it was asked to stop and has stopped everything.</summary>
    public async Task RunAsync(Interruption interruption)
    {
        options.Validate();
        var state = new LocalState(options.StateDirectory);
        using FileStream alone = state.TryLock()
            ?? throw new UsageException($"Another run uses '{state.Directory}'. Stop it first, or give this one a directory of its own with --state.");
        PortCheck.Require(options);

        using CancellationTokenRegistration hurry = interruption.StopAtOnce.Register(KillAll);
        try
        {
            await StartAndWatchAsync(state, interruption.Stop);
        }
        catch (OperationCanceledException) when (interruption.Stop.IsCancellationRequested)
        {
            // Asked to stop; all that was started has been stopped on the way here.
        }
    }

    private async Task StartAndWatchAsync(LocalState state, CancellationToken stop)
    {
        long started = time.GetTimestamp();
        terminal.Say("Starting PostgreSQL, Redis and Azurite ...");
        await using Backing backing = await Backing.StartAsync(options, state, terminal, stop);
        Remember(backing.Processes);
        await Shop.MigrateAsync(backing.Postgres, terminal, stop);
        await Shop.SeedAsync(backing.Postgres, new SeedOptions { SalesFile = options.DataFile }, terminal, stop);

        LocalTokens tokens = state.Tokens();
        (string Name, AppProcess Process)[] apps = [.. Apps(SettingsOfApps(backing, tokens))];
        Remember([.. apps.Select(app => (app.Name, (ISupervised)app.Process))]);
        try
        {
            // The Api first: it is what one waits for, and the others would take the processor from it.
            await Task.WhenAll(apps.Take(options.Instances).Select(app => StartAsync(app.Name, app.Process, stop)));
            await Task.WhenAll(apps.Skip(options.Instances).Select(app => StartAsync(app.Name, app.Process, stop)));
            new RunningShop(backing.Postgres, backing.Replicas, backing.Redis).Announce(state);
            terminal.Say(await new Welcome(options, backing, tokens).WriteAsync(time.GetElapsedTime(started), stop));
            var watch = new Watch(terminal, time);
            await await Task.WhenAny(_running.Select(member => watch.OnAsync(member.Name, member.Process, stop)));
        }
        finally
        {
            if (stop.IsCancellationRequested)
                terminal.Say("Stopping ...");
            RunningShop.Withdraw(state);
            await Task.WhenAll(apps.Select(app => app.Process.DisposeAsync().AsTask()));
        }
    }

    private static async Task StartAsync(string name, AppProcess app, CancellationToken stop)
    {
        try
        {
            await app.RestartAsync(stop);
            await app.WaitUntilReadyAsync(stop);
        }
        catch (Exception e) when (e is InvalidOperationException or TimeoutException)
        {
            // What cannot start at all would not start a second later either: most often it is a setting.
            throw new UsageException($"{name} did not start: {e.Message}. Its log above says why.");
        }
    }

    private IEnumerable<(string Name, AppProcess Process)> Apps(Dictionary<string, string?> settings)
    {
        for (int i = 0; i < options.Instances; i++)
            yield return Create(AppNames.Api(i, options.Instances), FunctionApps.Api, options.Port + i);
        yield return Create(AppNames.Warmup, FunctionApps.Warmup, options.WarmupPort);
        yield return Create(AppNames.Maintenance, FunctionApps.Maintenance, options.MaintenancePort);

        (string, AppProcess) Create(string name, FunctionAppDefinition app, int port) => (name, new AppProcess(app, port, settings, terminal.Of(name)));
    }

    private static Dictionary<string, string?> SettingsOfApps(Backing backing, LocalTokens tokens)
    {
        var settings = new Dictionary<string, string?>
        {
            ["Postgres__Primary"] = backing.Postgres,
            ["Redis__Connection"] = backing.Redis,
        };
        if (backing.Reports is { } reports)
            settings["Reports__Connection"] = reports;
        foreach ((int i, string replica) in backing.Replicas.Index())
            settings[string.Create(CultureInfo.InvariantCulture, $"Postgres__Replicas__{i}")] = replica;
        foreach ((string key, string? value) in tokens.Settings)
            settings[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        return settings;
    }

    private void Remember(IReadOnlyList<(string Name, ISupervised Process)> members)
    {
        lock (_running)
            _running.AddRange(members);
    }

    private void KillAll()
    {
        lock (_running)
        {
            foreach ((_, ISupervised process) in _running)
                _ = process.KillAsync();
        }
    }
}
