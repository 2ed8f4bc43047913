using System.Diagnostics;
using NpgsqlTypes;
using TByte.Functions.Postgres;
using TByte.Functions.Redis;
using TByte.Functions.Telemetry;

namespace TByte.Functions.Caching;

/// <summary>An entry and the level that had it.</summary>
/// <param name="Entry">What was found.</param>
/// <param name="Outcome">Where.</param>
/// <param name="Took">How long the database took, where it was asked.</param>
internal readonly record struct FetchedEntry(CacheEntry Entry, CacheOutcome Outcome, TimeSpan Took = default);

/// <summary>What a look into Redis found.</summary>
/// <param name="Answered">False when Redis is away.</param>
/// <param name="Fresh">The entry, when it is fresh; what is not is left in memory, to stand in for a load that fails.</param>
/// <param name="Seen">When the entry that is there was stored; 0 for none.</param>
internal readonly record struct RedisLook(bool Answered, CacheEntry? Fresh, long Seen);

/// <summary>
/// Gets one entry that memory does not have: from Redis, or by the one load that the fleet makes. Redis away, every instance
/// loads for itself.
/// </summary>
internal sealed class EntryFetcher(
    MemoryLevel memory,
    RedisLevel redis,
    LoadSignals signals,
    VersionFence fence,
    WritePositions positions,
    EntryLives lives,
    CacheOptions options,
    RedisClock clock,
    CacheMetrics metrics)
{
    // A load that comes home with a row older than a write is repeated, on the primary: the write is committed, so that one
    // repetition finds it unless a further write comes in between.
    private const int MostLoads = 3;

    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LastLook = TimeSpan.FromMilliseconds(160);

    /// <summary>Looks into Redis; waits no longer than the gate does.</summary>
    public async Task<RedisLook> LookAsync(CacheKey key)
    {
        long began = clock.MonotonicMilliseconds;
        RedisReply<StoredEntry?> reply = await redis.ReadAsync(key).ConfigureAwait(false);
        if (!reply.Answered)
            return default;
        if (reply.Value is not { Kind: not StoredKind.Tombstone } stored)
            return new RedisLook(Answered: true, null, 0);

        CacheEntry entry = Keep(key, lives.Stored(stored), began);
        bool isFresh = clock.MonotonicMilliseconds < entry.FreshUntil && IsCurrent(key, entry);
        return new RedisLook(Answered: true, isFresh ? entry : null, stored.StoredAt);
    }

    /// <summary>Gets what a look has not found.</summary>
    public async Task<FetchedEntry> LoadAsync(CacheKey key, RedisLook look, Func<NpgsqlLogSequenceNumber, Task<Representation?>> load)
    {
        // Another load may have ended between the look and now.
        if (memory.Find(key.Name) is { } entry && clock.MonotonicMilliseconds < entry.MemoryUntil)
            return new FetchedEntry(entry, CacheOutcome.MemoryHit);

        using Activity? span = CacheSpans.Load(key.Policy);
        metrics.LoadBegan(key.Policy);
        try
        {
            return await (look.Answered ? LoadForAllAsync(key, look.Seen, load) : LoadAloneAsync(key, load)).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            span.Failed(failure);
            throw;
        }
        finally
        {
            metrics.LoadEnded(key.Policy);
        }
    }

    /// <summary>Loads anew what is still fresh, unless another instance is at it or has done it.</summary>
    public async Task RefreshAsync(CacheKey key, CacheEntry entry, Func<NpgsqlLogSequenceNumber, Task<Representation?>> load)
    {
        using Activity? span = CacheSpans.Refresh(key.Policy);
        metrics.LoadBegan(key.Policy);
        try
        {
            await RefreshNowAsync(key, entry, load).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            span.Failed(failure);
            throw;
        }
        finally
        {
            metrics.LoadEnded(key.Policy);
        }
    }

    private async Task RefreshNowAsync(CacheKey key, CacheEntry entry, Func<NpgsqlLogSequenceNumber, Task<Representation?>> load)
    {
        long began = clock.MonotonicMilliseconds;
        RedisReply<LeaseReply> reply = await redis.LeaseAsync(key, entry.StoredAt).ConfigureAwait(false);
        if (!reply.Answered)
            await LoadAloneAsync(key, load).ConfigureAwait(false);
        else if (reply.Value.Entry is { } refreshed)
            Keep(key, lives.Stored(refreshed), began);
        else if (reply.Value is { Token: { } token, Written: var written })
            await LoadUnderLeaseAsync(key, token, written, load).ConfigureAwait(false);
    }

    /// <summary>Puts a row that was written into both levels, and tells the other instances.</summary>
    public async Task StoreWrittenAsync(CacheKey key, Representation row, NpgsqlLogSequenceNumber position)
    {
        long began = clock.MonotonicMilliseconds;
        TimeSpan freshFor = lives.FreshFor(key.Policy, row);
        Keep(key, lives.Loaded(row, freshFor, began, storedAt: 0), began);
        RedisReply<StoreReply> reply = await redis.StoreWrittenAsync(key, row, freshFor, position).ConfigureAwait(false);
        if (reply is { Answered: true, Value.Newer: { Kind: StoredKind.Present } newer })
            Keep(key, lives.Stored(newer), began);
    }

    private async Task<FetchedEntry> LoadForAllAsync(CacheKey key, long seen, Func<NpgsqlLogSequenceNumber, Task<Representation?>> load)
    {
        string name = key.Entry.ToString();
        TimeSpan look = FirstLook;
        long giveUpAt = clock.MonotonicMilliseconds + (long)options.HardTimeout.TotalMilliseconds;
        while (clock.MonotonicMilliseconds < giveUpAt)
        {
            Task loaded = signals.Register(name);
            long began = clock.MonotonicMilliseconds;
            RedisReply<LeaseReply> reply = await redis.LeaseAsync(key, seen).ConfigureAwait(false);
            if (!reply.Answered)
                return await LoadAloneAsync(key, load).ConfigureAwait(false);

            if (reply.Value.Entry is { } found)
            {
                signals.Forget(name);
                CacheEntry entry = Keep(key, lives.Stored(found), began);
                if (IsCurrent(key, entry))
                    return new FetchedEntry(entry, CacheOutcome.RedisHit);
                seen = found.StoredAt;
            }
            else if (reply.Value is { Token: { } token, Written: var written })
            {
                signals.Forget(name);
                return await LoadUnderLeaseAsync(key, token, written, load).ConfigureAwait(false);
            }
            else
            {
                using Activity? wait = CacheSpans.WaitForInstance();
                TimeSpan held = reply.Value.HeldFor ?? look;
                await signals.WaitAsync(loaded, held < look ? held : look).ConfigureAwait(false);
                look = look * 2 < LastLook ? look * 2 : LastLook;
            }
        }

        signals.Forget(name);
        throw new DatabaseUnavailableException("Other instances are loading it and do not come back.", TimeSpan.FromSeconds(1));
    }

    private async Task<FetchedEntry> LoadUnderLeaseAsync(
        CacheKey key, long token, NpgsqlLogSequenceNumber written, Func<NpgsqlLogSequenceNumber, Task<Representation?>> load)
    {
        try
        {
            NpgsqlLogSequenceNumber known = positions.Of(key.Name);
            NpgsqlLogSequenceNumber atLeast = written > known ? written : known;
            for (int loads = 1; ; loads++)
            {
                long began = clock.MonotonicMilliseconds;
                Representation? loaded = await load(atLeast).ConfigureAwait(false);
                TimeSpan took = Since(began);
                TimeSpan freshFor = lives.FreshFor(key.Policy, loaded);
                RedisReply<StoreReply> reply = await redis.StoreLoadedAsync(key, loaded, freshFor, token).ConfigureAwait(false);
                CacheEntry entry = reply is { Answered: true, Value.Newer: { Kind: not StoredKind.Tombstone } newer }
                    ? lives.Stored(newer)
                    : lives.Loaded(loaded, freshFor, began, reply.Answered ? reply.Value.StoredAt : 0);
                bool refused = reply is { Answered: true, Value.Newer.Kind: StoredKind.Tombstone };
                if (!refused)
                    entry = Keep(key, entry, began);
                if (loads == MostLoads || (!refused && IsCurrent(key, entry)))
                    return new FetchedEntry(entry, CacheOutcome.Miss, took);
                atLeast = ShopDatabase.Newest;
            }
        }
        catch
        {
            await redis.ReleaseAsync(key, token).ConfigureAwait(false);
            throw;
        }
    }

    private async Task<FetchedEntry> LoadAloneAsync(CacheKey key, Func<NpgsqlLogSequenceNumber, Task<Representation?>> load)
    {
        NpgsqlLogSequenceNumber atLeast = positions.Of(key.Name);
        for (int loads = 1; ; loads++)
        {
            long began = clock.MonotonicMilliseconds;
            Representation? loaded = await load(atLeast).ConfigureAwait(false);
            TimeSpan took = Since(began);
            CacheEntry entry = Keep(key, lives.Loaded(loaded, lives.FreshFor(key.Policy, loaded), began, storedAt: 0), began);
            if (loads == MostLoads || IsCurrent(key, entry))
                return new FetchedEntry(entry, CacheOutcome.Miss, took);
            atLeast = ShopDatabase.Newest;
        }
    }

    private TimeSpan Since(long began) => TimeSpan.FromMilliseconds(clock.MonotonicMilliseconds - began);

    /// <summary>Offers an entry to memory and returns the newer of the two.</summary>
    private CacheEntry Keep(CacheKey key, CacheEntry entry, long readingBegan)
    {
        memory.Offer(key, entry, readingBegan);
        return memory.Find(key.Name) is { } kept && kept.Version > entry.Version ? kept : entry;
    }

    private bool IsCurrent(CacheKey key, CacheEntry entry) => !key.Policy.IsVersioned || entry.Version >= fence.Minimum(key.Name);
}
