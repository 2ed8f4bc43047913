using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using TByte.Functions.Api;
using TByte.Functions.LocalHost.Hosting;
using TByte.Functions.LocalHost.Servers;
using TByte.Functions.LocalHost.Supervision;
using TByte.Functions.Redis;
using TByte.Functions.Testing;

namespace TByte.Functions.Fleet.Tests;

/// <summary>One instance of the Api: in this process, or in one of its own.</summary>
internal sealed class FleetInstance : IAsyncDisposable
{
    private readonly IAsyncDisposable _app;

    private FleetInstance(IAsyncDisposable app, Uri address)
    {
        _app = app;
        Client = new HttpClient { BaseAddress = address };
        Client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", TestToken.WithRoles(TestToken.CatalogWrite, TestToken.ReportsRead));
    }

    /// <summary>Has a token that may write products and read reports.</summary>
    public HttpClient Client { get; }

    /// <summary>The container of an instance in this process.</summary>
    public IServiceProvider Services => (_app as LocalFunctionApp ?? throw new InvalidOperationException("This instance has a process of its own.")).Services;

    private AppProcess Process => _app as AppProcess ?? throw new InvalidOperationException("This instance has no process of its own.");

    public static Task<FleetInstance> StartAsync(
        InstanceOptions options, Dictionary<string, string?> settings, TimeSpan? budget, CancellationToken cancellationToken) =>
        options switch
        {
            { OwnProcess: true, Time: not null } => throw new ArgumentException("A process of its own goes by the system's clock."),
            { OwnProcess: true } => StartProcessAsync(settings, cancellationToken),
            _ => StartHereAsync(options.Time, settings, budget, cancellationToken),
        };

    /// <summary>Hangs it (SIGSTOP): connections stay open and get no answer.</summary>
    public void Stop() => ProcessTree.Send(Process.ProcessId, UnixSignal.Stop);

    /// <summary>Lets it go on after <see cref="Stop"/>.</summary>
    public void Continue() => ProcessTree.Send(Process.ProcessId, UnixSignal.Continue);

    /// <summary>Kills it (SIGKILL).</summary>
    public Task KillAsync() => Process.KillAsync();

    /// <summary>Starts it again, on the same address, and waits until it is ready.</summary>
    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        await Process.RestartAsync(cancellationToken);
        await Process.WaitUntilReadyAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }

    private static async Task<FleetInstance> StartHereAsync(
        TimeProvider? time, Dictionary<string, string?> settings, TimeSpan? budget, CancellationToken cancellationToken)
    {
        FunctionAppDefinition api = FunctionApps.Api with
        {
            Compose = app =>
            {
                if (time is not null)
                    app.Services.AddSingleton(time);
                app.AddApi();
                if (budget is { } longest)
                    app.Services.AddSingleton(new RedisOptions { Connection = settings["Redis__Connection"]!, Budget = longest });
            },
        };
        LocalFunctionApp app = await LocalFunctionApp.StartAsync(
            api, new LocalFunctionAppOptions { Settings = settings, ReadEnvironment = false }, cancellationToken);
        return new FleetInstance(app, app.Address);
    }

    private static async Task<FleetInstance> StartProcessAsync(Dictionary<string, string?> settings, CancellationToken cancellationToken)
    {
        AppProcess process = new(FunctionApps.Api, LocalPorts.FindFree(), settings, static _ => { });
        FleetInstance instance = new(process, process.Address);
        try
        {
            await instance.RestartAsync(cancellationToken);
            return instance;
        }
        catch
        {
            await instance.DisposeAsync();
            throw;
        }
    }
}
