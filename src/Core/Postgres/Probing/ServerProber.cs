using Microsoft.Extensions.Logging;
using Npgsql;

namespace TByte.Functions.Postgres;

/// <summary>Asks one server again and again where it is, so that no reader has to find out that it is away.</summary>
internal sealed class ServerProber : IAsyncDisposable
{
    private readonly DatabaseServer _server;
    private readonly ReplicaLag _lag;
    private readonly ProbeConnection _connection;
    private readonly TimeSpan _interval;
    private readonly ILogger _logger;
    private readonly SemaphoreSlim _wake = new(0, 1);
    private readonly TaskCompletionSource _firstProbe = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private string? _problem = "";

    public ServerProber(DatabaseServer server, ReplicaLag lag, PostgresOptions options, TimeProvider time, ILogger logger)
    {
        _server = server;
        _lag = lag;
        _connection = new ProbeConnection(server.Login, options.ProbeTimeout, time);
        _interval = options.ProbeInterval;
        _logger = logger;
        server.ConnectionLost += Wake;
    }

    /// <summary>Ends when the server was asked once, whatever came of it.</summary>
    public Task FirstProbe => _firstProbe.Task;

    /// <summary>Asks until it is told to stop.</summary>
    public async Task RunAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await ProbeAsync(stoppingToken).ConfigureAwait(false);
            _firstProbe.TrySetResult();
            await _wake.WaitAsync(_interval, stoppingToken).ConfigureAwait(false);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _server.ConnectionLost -= Wake;
        await _connection.DisposeAsync().ConfigureAwait(false);
        _wake.Dispose();
    }

    private async Task ProbeAsync(CancellationToken stoppingToken)
    {
        try
        {
            Saw(await _connection.AskAsync(stoppingToken).ConfigureAwait(false));
        }
        catch (Exception failure) when (failure is TimeoutException or NpgsqlException)
        {
            _server.IsAway();
            Report(failure is PostgresException refusal ? $"refuses the connection ({refusal.SqlState})" : $"does not answer ({failure.GetType().Name})");
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // A prober that stopped for good would leave its server as it was seen last.
            _server.IsAway();
            _logger.LogError(failure, "{Server} could not be probed", _server.Name);
        }
    }

    private void Saw(ServerObservation answer)
    {
        switch (_server.Role, answer.IsInRecovery)
        {
            case (ServerRole.Primary, false):
                _lag.PrimaryIsAt(answer.Position);
                _server.IsAt(answer);
                Report(null);
                break;
            case (ServerRole.Primary, true):
                _server.IsAt(answer);
                Report("follows another server, though it is configured as the primary: writes fail");
                break;
            case (ServerRole.Replica, true):
                _server.IsAt(answer);
                Report(null);
                break;
            default:
                _server.IsAway();
                Report("follows no primary any more, was it promoted? It is not read");
                break;
        }
    }

    /// <summary>Says what has changed, once.</summary>
    private void Report(string? problem)
    {
        if (problem == _problem)
            return;

        _problem = problem;
        if (problem is null)
            _logger.LogInformation("{Server} is reachable", _server.Name);
        else
            _logger.LogWarning("{Server} {Problem}", _server.Name, problem);
    }

    private void Wake()
    {
        // Once it is known to be away, lost connections say nothing new.
        if (_server.Seen is null)
            return;

        try
        {
            _wake.Release();
        }
        catch (Exception late) when (late is SemaphoreFullException or ObjectDisposedException)
        {
            // Awake already, or gone.
        }
    }
}
