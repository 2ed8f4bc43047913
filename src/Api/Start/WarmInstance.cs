using System;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using TByte.Functions.Warming;

namespace TByte.Functions.Api.Start;

/// <summary>What a new instance does before it takes traffic.</summary>
public sealed class WarmInstance(InstanceWarmup warmup, TimeProvider time, ILogger<WarmInstance> logger)
{
    /// <summary>Runs once on each new instance. The host asks for this name.</summary>
    [Function("Warmup")]
    public async Task RunAsync([WarmupTrigger] object? context, CancellationToken cancellationToken)
    {
        long started = time.GetTimestamp();
        try
        {
            InstanceReadiness ready = await warmup.RunAsync(cancellationToken);
            logger.LogInformation(
                "Warmed up in {Milliseconds:0} ms: {Connections} connections open, {Entries} products in memory",
                time.GetElapsedTime(started).TotalMilliseconds, ready.Connections, ready.Entries);
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            // A cold instance is better than none.
            logger.LogError(failure, "The instance starts cold");
        }
    }
}
