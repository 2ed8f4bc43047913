using Microsoft.Extensions.Hosting;
using TByte.Functions.Redis;

namespace TByte.Functions.Operations;

/// <summary>Tells the fleet every few seconds how this instance is.</summary>
internal sealed class StatusPublisher(StatusReport report, CacheHistory cacheHistory, RedisGate gate, TimeProvider time) : BackgroundService
{
    /// <summary>Several times within <see cref="FleetStatus.Life"/>, so that one that is lost does no harm.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        ScriptCall scripts = gate.Scripts(RedisPurpose.Status);
        using PeriodicTimer timer = new(Interval, time);
        try
        {
            do
            {
                cacheHistory.Sample();
                await FleetStatus.PublishAsync(scripts, report.ReadWithRecent()).ConfigureAwait(false);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // It is forgotten a minute later.
        }
    }
}
