using TByte.Functions.Caching;
using TByte.Functions.Postgres;
using TByte.Functions.Redis;

namespace TByte.Functions.Warming;

/// <summary>
/// Puts entries into Redis a hundred at a time, by three round trips: what is there, the rows of what is not, to be stored. Ends when
/// Redis or the database does not answer; what was done so far stays, and the next run does the rest.
/// </summary>
internal sealed class CacheWarmer(RedisLevelBatches redis, EntryLives lives, WarmingPace pace, RedisClock clock)
{
    /// <summary>Entries at a time.</summary>
    public const int BatchSize = 100;

    /// <summary>Warms the entries of these ids, the first ones first.</summary>
    /// <param name="ids">Which ones.</param>
    /// <param name="policy">How they are kept.</param>
    /// <param name="keyOf">The name of an id's entry.</param>
    /// <param name="freshFor">An entry that is fresh for that long is left alone.</param>
    /// <param name="load">Reads the rows of some ids; leaves out what is gone.</param>
    /// <param name="cancellationToken">Ends it between two batches.</param>
    public async Task<WarmingReport> WarmAsync(
        IReadOnlyList<long> ids,
        CachePolicy policy,
        Func<long, string> keyOf,
        TimeSpan freshFor,
        Func<long[], CancellationToken, Task<IReadOnlyDictionary<long, Representation>>> load,
        CancellationToken cancellationToken)
    {
        WarmingReport report = default;
        foreach (long[] batch in ids.Chunk(BatchSize))
        {
            await pace.WaitAsync(batch.Length, cancellationToken).ConfigureAwait(false);
            report += await WarmBatchAsync(batch).ConfigureAwait(false);
            if (report.EndedEarly is not null)
                break;
        }

        return report;

        async Task<WarmingReport> WarmBatchAsync(long[] batch)
        {
            RedisReply<long[]> freshUntil = await redis.FreshUntilAsync([.. batch.Select(id => policy.Key(keyOf(id)))]).ConfigureAwait(false);
            if (!freshUntil.Answered)
                return new WarmingReport(0, 0, 0, "Redis does not answer");

            long least = clock.NowMilliseconds + (long)freshFor.TotalMilliseconds;
            long[] due = [.. batch.Where((_, i) => freshUntil.Value[i] < least)];
            WarmingReport skipped = new(0, batch.Length - due.Length, 0);
            return due.Length == 0 ? skipped : skipped + await LoadAsync(due).ConfigureAwait(false);
        }

        async Task<WarmingReport> LoadAsync(long[] due)
        {
            // A load of a reader that begins later has the newer rows, and its token says so.
            long token = clock.NowMilliseconds * 1_000;
            IReadOnlyDictionary<long, Representation> rows;
            try
            {
                rows = await load(due, cancellationToken).ConfigureAwait(false);
            }
            catch (DatabaseUnavailableException unavailable)
            {
                return new WarmingReport(0, 0, due.Length, unavailable.Message);
            }

            EntryToStore[] entries = [.. rows.Select(row => new EntryToStore(
                policy.Key(keyOf(row.Key)), row.Value, policy.IsVersioned ? row.Value.Version : token, lives.FreshFor(policy, row.Value)))];
            WarmingReport gone = new(0, due.Length - entries.Length, 0);
            return entries.Length == 0 ? gone : gone + await StoreAsync(entries).ConfigureAwait(false);
        }

        async Task<WarmingReport> StoreAsync(EntryToStore[] entries)
        {
            RedisReply<StoreReply[]> stored = await redis.StoreAsync(entries).ConfigureAwait(false);
            if (!stored.Answered)
                return new WarmingReport(0, 0, entries.Length, "Redis does not answer");

            // A tombstone says that the row read is an old one; anything else that was there is newer, and as good.
            int old = stored.Value.Count(static reply => reply.Newer is { Kind: not StoredKind.Present });
            int newer = stored.Value.Count(static reply => reply.Newer is { Kind: StoredKind.Present });
            return new WarmingReport(entries.Length - old - newer, newer, old);
        }
    }
}
