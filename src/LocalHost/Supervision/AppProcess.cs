using System;
using System.Collections.Generic;
using System.Globalization;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using TByte.Functions.LocalHost.Hosting;
using TByte.Functions.LocalHost.Servers;

namespace TByte.Functions.LocalHost.Supervision;

/// <summary>One instance of a function app, in a process of its own.</summary>
internal sealed class AppProcess : ISupervised
{
    /// <summary>The verb of the command line that runs it.</summary>
    public const string Verb = "app";

    private static readonly TimeSpan ReadyLimit = TimeSpan.FromSeconds(60);
    private static readonly HttpClient Http = new() { Timeout = TimeSpan.FromSeconds(5) };

    private readonly KeeperOrders _orders;
    private readonly IReadOnlyDictionary<string, string?> _settings;
    private readonly Action<string> _log;
    private readonly Uri _readiness;
    private readonly bool _answersAny;
    private KeptProcess? _process;

    public AppProcess(FunctionAppDefinition app, int port, IReadOnlyDictionary<string, string?> settings, Action<string> log)
    {
        string[] arguments = [LocalHostCommand.Assembly, Verb, app.Name, "--port", port.ToString(CultureInfo.InvariantCulture)];
        _orders = new KeeperOrders(LocalHostCommand.Dotnet(), arguments);
        _settings = settings;
        _log = log;
        Address = new Uri($"http://127.0.0.1:{port}");
        _readiness = new Uri(Address, app == FunctionApps.Api ? "/api/health/ready" : "/");
        // Only the Api has a readiness route; of the others it is enough that they answer.
        _answersAny = app != FunctionApps.Api;
    }

    public Uri Address { get; }

    public int ProcessId => Running.ProcessId;

    public Task<int> Exited => Running.Exited;

    public IReadOnlyList<string> Tail => Running.Tail;

    private KeptProcess Running => _process ?? throw new InvalidOperationException("The app is not running.");

    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        await DisposeAsync();
        _process = await KeptProcess.StartAsync(_orders, _settings, _log, cancellationToken);
    }

    /// <summary>Waits until it is ready to be asked; throws if it ends before, or takes too long.</summary>
    public async Task WaitUntilReadyAsync(CancellationToken cancellationToken)
    {
        long deadline = Environment.TickCount64 + (long)ReadyLimit.TotalMilliseconds;
        while (!await IsReadyAsync(cancellationToken))
        {
            if (Running.Exited.IsCompleted)
                throw new InvalidOperationException($"it ended with code {await Running.Exited}");
            if (Environment.TickCount64 > deadline)
                throw new TimeoutException($"it was not ready within {ReadyLimit.TotalSeconds:0} s");
            await Task.Delay(25, cancellationToken);
        }
    }

    public Task KillAsync() => _process?.KillAsync() ?? Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await _process.DisposeAsync();
        _process = null;
    }

    private async Task<bool> IsReadyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage response = await Http.GetAsync(_readiness, cancellationToken);
            return _answersAny || response.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }
}
