using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using TByte.Functions.Redis;
using TByte.Functions.Telemetry;

namespace TByte.Functions.Views;

/// <summary>
/// Sends what this instance has counted to the queue, each batch until it is known to be there. What Redis does not take stays
/// here, and what is counted meanwhile goes with the batches after it.
/// </summary>
internal sealed class ViewSender(
    ViewCounter counter, ViewQueue queue, ViewOptions options, RedisClock clock, TimeProvider time, ViewMetrics metrics, ILogger<ViewSender> logger)
    : BackgroundService
{
    private readonly string _sender = Guid.NewGuid().ToString("N");
    private readonly Queue<ViewBatch> _unsent = new();
    private long _sequence;
    private bool _isHeldUp;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        await SendAsync().ConfigureAwait(false);
        if (_unsent.Count > 0)
            logger.LogWarning("{Views} views are lost: Redis has not taken them before the end", _unsent.Sum(Views));
    }

    /// <summary>Sends what there is. Only one caller at a time.</summary>
    public async Task SendAsync()
    {
        if (_unsent.Count == 0)
            TakeCounted();
        while (_unsent.TryPeek(out ViewBatch? batch))
        {
            QueueOutcome outcome = await queue.AddAsync(batch).ConfigureAwait(false);
            Report(outcome);
            if (outcome != QueueOutcome.Queued)
                return;

            _unsent.Dequeue();
            metrics.Sent(Views(batch));
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(options.FlushInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
                await SendAsync().ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The rest is sent when it is known that nothing more is counted.
        }
    }

    private void TakeCounted()
    {
        long hour = clock.NowMilliseconds / (long)TimeSpan.FromHours(1).TotalMilliseconds;
        foreach (ProductViews[] products in counter.Take().Chunk(ViewBatch.MostProducts))
            _unsent.Enqueue(new ViewBatch(_sender, ++_sequence, hour, products));
    }

    private void Report(QueueOutcome outcome)
    {
        bool isHeldUp = outcome == QueueOutcome.Full;
        if (isHeldUp && !_isHeldUp)
            logger.LogWarning("Views are not moved to the database; this instance keeps its own until they are");
        _isHeldUp = isHeldUp;
    }

    private static long Views(ViewBatch batch) => batch.Products.Sum(static product => product.Views);
}
