using Microsoft.Extensions.Logging;
using TByte.Functions.Postgres;
using TByte.Functions.Redis;
using TByte.Functions.Telemetry;

namespace TByte.Functions.Views;

/// <summary>What came of moving views to the database.</summary>
/// <param name="Views">Views that were counted.</param>
/// <param name="Dropped">Batches that were not: too old, or none of ours.</param>
/// <param name="EndedEarly">Why there may be more; null when the queue is empty.</param>
public sealed record MovedViews(long Views, int Dropped, string? EndedEarly);

/// <summary>Moves views from the queue to the database. To run it twice, or at the same time, counts nothing twice.</summary>
public sealed class ViewMover
{
    private const int BatchesAtOnce = 100;

    // What a busy primary does in a fraction of its time-outs: a transaction that is too long for them would never get through.
    private const int ProductsAtOnce = 5_000;

    // Well before the database forgets that it has counted it.
    private static readonly TimeSpan OldestBatch = TimeSpan.FromDays(25);

    private readonly ViewQueue _queue;
    private readonly ViewLedger _ledger;
    private readonly RedisClock _clock;
    private readonly ViewMetrics _metrics;
    private readonly ILogger<ViewMover> _logger;

    internal ViewMover(ViewQueue queue, ViewLedger ledger, RedisClock clock, ViewMetrics metrics, ILogger<ViewMover> logger)
    {
        _queue = queue;
        _ledger = ledger;
        _clock = clock;
        _metrics = metrics;
        _logger = logger;
    }

    /// <summary>Moves what is in the queue.</summary>
    /// <exception cref="OperationCanceledException">Between two transactions.</exception>
    public async Task<MovedViews> MoveAsync(CancellationToken cancellationToken)
    {
        long moved = 0;
        int dropped = 0;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            RedisReply<string[]> written = await _queue.PeekAsync(BatchesAtOnce).ConfigureAwait(false);
            if (!written.Answered)
                return Ended("Redis does not answer");
            if (written.Value.Length == 0)
                return Ended(null);

            DateTimeOffset now = DateTimeOffset.FromUnixTimeMilliseconds(_clock.NowMilliseconds);
            List<ViewBatch> batches = [];
            int taken = Take(written.Value, now, batches);
            try
            {
                if (await _ledger.CountAsync(batches, now).ConfigureAwait(false) is not { } views)
                    return Ended("another run is at it");
                moved += views;
                dropped += taken - batches.Count;
                _metrics.Moved(views);
            }
            catch (DatabaseUnavailableException unavailable)
            {
                return Ended(unavailable.Message);
            }

            if (!await _queue.RemoveAsync(written.Value.Take(taken)).ConfigureAwait(false))
                return Ended("Redis does not answer");
        }

        MovedViews Ended(string? early) => new(moved, dropped, early);
    }

    /// <summary>Takes sound batches from the front, as many as go into one transaction. Returns how many were looked at.</summary>
    private int Take(string[] written, DateTimeOffset now, List<ViewBatch> batches)
    {
        long oldest = ViewLedger.HourOf(now - OldestBatch);
        int products = 0;
        for (int i = 0; i < written.Length; i++)
        {
            if (products >= ProductsAtOnce)
                return i;

            if (ViewBatch.Parse(written[i]) is not { } batch)
            {
                _logger.LogWarning("What lies in the queue of views is no batch and is dropped: {Length} characters", written[i].Length);
            }
            else if (batch.Hour < oldest)
            {
                long views = batch.Products.Sum(static product => product.Views);
                _metrics.Dropped(views);
                _logger.LogWarning("{Views} views are too old to know whether they were counted, and are dropped", views);
            }
            else
            {
                batches.Add(batch);
                products += batch.Products.Count;
            }
        }

        return written.Length;
    }
}
