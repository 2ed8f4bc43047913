using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TByte.Functions.Telemetry;

namespace TByte.Functions.Postgres;

/// <summary>Probes every server for as long as the app runs.</summary>
internal sealed class ServerProbing : BackgroundService
{
    private static readonly TimeSpan MostWaitAtStart = TimeSpan.FromSeconds(2);

    private readonly ServerProber[] _probers;
    private readonly TimeProvider _time;
    private readonly ILogger<ServerProbing> _logger;

    public ServerProbing(
        DatabaseServers servers,
        ReplicaLag lag,
        ReadRouter router,
        PostgresMetrics metrics,
        PostgresOptions options,
        TimeProvider time,
        ILogger<ServerProbing> logger)
    {
        metrics.Observe(() => [.. servers.All.Select(router.UseOf)]);
        _probers = [.. servers.All.Select(server => new ServerProber(server, lag, options, time, logger))];
        _time = time;
        _logger = logger;
    }

    /// <summary>Waits until every server was asked once, so that the first requests find them; never longer than 2 s.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await base.StartAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            await Task.WhenAll(_probers.Select(prober => prober.FirstProbe)).WaitAsync(MostWaitAtStart, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _logger.LogWarning("A database server has not answered within {Seconds} s of the start; the app starts without it", MostWaitAtStart.TotalSeconds);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        foreach (ServerProber prober in _probers)
            await prober.DisposeAsync().ConfigureAwait(false);
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(_probers.Select(prober => prober.RunAsync(stoppingToken)));
}
