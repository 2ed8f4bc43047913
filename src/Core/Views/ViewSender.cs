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
    // When it is told to stop: one late reply must not cost what was counted, and an end must not be held up for long.
    private const int MostAttemptsAtTheEnd = 5;

    private static readonly TimeSpan PauseAtTheEnd = TimeSpan.FromMilliseconds(250);

    private readonly string _sender = Guid.NewGuid().ToString("N");
    private readonly Queue<ViewBatch> _unsent = new();
    private long _sequence;
    private bool _isHeldUp;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        bool isSent = await SendAsync().ConfigureAwait(false);
        for (int attempts = 1; !isSent && queue.Exists && attempts < MostAttemptsAtTheEnd && !cancellationToken.IsCancellationRequested; attempts++)
        {
            await Task.Delay(PauseAtTheEnd, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            isSent = await SendAsync().ConfigureAwait(false);
        }

        if (!isSent)
        {
            TakeCounted();
            logger.LogWarning("{Views} views are lost: Redis has not taken them before the end", _unsent.Sum(Views));
        }
    }

    /// <summary>Sends what there is: what was not taken before, then what was counted since. Only one caller at a time.</summary>
    /// <returns>Whether the queue has all of it.</returns>
    public async Task<bool> SendAsync()
    {
        bool isSent = await SendTakenAsync().ConfigureAwait(false);
        if (isSent)
        {
            TakeCounted();
            isSent = await SendTakenAsync().ConfigureAwait(false);
        }

        metrics.Unsent(_unsent.Count);
        return isSent;
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

    private async Task<bool> SendTakenAsync()
    {
        while (_unsent.TryPeek(out ViewBatch? batch))
        {
            QueueOutcome outcome = await queue.AddAsync(batch).ConfigureAwait(false);
            Report(outcome);
            if (outcome != QueueOutcome.Queued)
                return false;

            _unsent.Dequeue();
            metrics.Sent(Views(batch));
        }

        return true;
    }

    private void TakeCounted()
    {
        long hour = ViewLedger.HourOf(DateTimeOffset.FromUnixTimeMilliseconds(clock.NowMilliseconds));
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
