using System.Diagnostics;
using Microsoft.Extensions.Logging;
using NpgsqlTypes;
using TByte.Functions.Postgres;
using TByte.Functions.Redis;
using TByte.Functions.Telemetry;

namespace TByte.Functions.Caching;

/// <summary>
/// The two-level read-through cache: memory, then Redis, then one load over the whole fleet. When nothing newer can be had
/// in time a stale entry answers.
/// </summary>
internal sealed class ReadThroughCache(
    MemoryLevel memory,
    WritePositions positions,
    EntryFetcher fetcher,
    CacheOptions options,
    RedisClock clock,
    TimeProvider time,
    CacheMetrics metrics,
    ILogger<ReadThroughCache> logger)
{
    private readonly SingleFlight<RedisLook> _looks = new();
    private readonly SingleFlight<FetchedEntry> _loads = new();

    /// <summary>Answers from this instance's memory, without waiting; false when it has nothing fresh.</summary>
    public bool TryGet<TState>(CachePolicy policy, string id, TState state, Func<TState, NpgsqlLogSequenceNumber, Task<Representation?>> load, out CacheAnswer answer)
    {
        long started = time.GetTimestamp();
        CacheKey key = policy.Key(id);
        long now = clock.MonotonicMillisecondsAt(started);
        CacheEntry? entry = memory.Find(key.Name);
        if (entry is null || now >= entry.MemoryUntil)
        {
            answer = default;
            return false;
        }

        if (entry.TryClaimRefresh(now))
            _ = RefreshAsync(key, entry, state, load);
        answer = Answer(policy, entry, CacheOutcome.MemoryHit, now, started);
        RecordedSpan.Current(SpanSources.Cache).Answered(CacheOutcome.MemoryHit);
        return true;
    }

    /// <summary>
    /// Answers from the nearest level that has it; <paramref name="load"/> reads it from a database server that has got to the
    /// position it is given.
    /// </summary>
    /// <exception cref="DatabaseUnavailableException">It is not cached and could not be read within the hard time-out.</exception>
    public ValueTask<CacheAnswer> GetAsync<TState>(
        CachePolicy policy, string id, TState state, Func<TState, NpgsqlLogSequenceNumber, Task<Representation?>> load, CancellationToken cancellationToken) =>
        TryGet(policy, id, state, load, out CacheAnswer answer)
            ? new ValueTask<CacheAnswer>(answer)
            : FetchAsync(policy.Key(id), state, load, metrics.IsEnabled ? time.GetTimestamp() : 0, cancellationToken);

    /// <summary>
    /// Takes over a row that this instance has written: from here on nothing older is answered here, and the others are told.
    /// </summary>
    /// <param name="policy">How it is kept.</param>
    /// <param name="id">Which one it is.</param>
    /// <param name="row">As it was written.</param>
    /// <param name="position">Where the primary's log was after the commit.</param>
    public async Task WrittenAsync(CachePolicy policy, string id, Representation row, NpgsqlLogSequenceNumber position)
    {
        CacheKey key = policy.Key(id);
        positions.Heard(key.Name, position);
        memory.Invalidate(key.Name, row.Version);
        await fetcher.StoreWrittenAsync(key, row, position).ConfigureAwait(false);
    }

    private async ValueTask<CacheAnswer> FetchAsync<TState>(
        CacheKey key, TState state, Func<TState, NpgsqlLogSequenceNumber, Task<Representation?>> load, long started, CancellationToken cancellationToken)
    {
        using Activity? span = CacheSpans.Read(key.Policy);
        RedisLook look = await _looks.RunAsync(
            key.Name, (fetcher, key), static call => call.fetcher.LookAsync(call.key)).ConfigureAwait(false);
        if (look.Fresh is { } fresh)
        {
            long now = clock.MonotonicMilliseconds;
            if (fresh.TryClaimRefresh(now))
                _ = RefreshAsync(key, fresh, state, load);
            span.Answered(CacheOutcome.RedisHit);
            return Answer(key.Policy, fresh, CacheOutcome.RedisHit, now, started);
        }

        // Looks come home one after the other on one thread; a load must not hold up those behind it.
        await Task.Yield();
        try
        {
            CacheAnswer answer = await LoadAsync(key, look, state, load, started, cancellationToken).ConfigureAwait(false);
            span.Answered(answer.Outcome);
            return answer;
        }
        catch (Exception failure)
        {
            span.Failed(failure);
            throw;
        }
    }

    private async ValueTask<CacheAnswer> LoadAsync<TState>(
        CacheKey key, RedisLook look, TState state, Func<TState, NpgsqlLogSequenceNumber, Task<Representation?>> load, long started, CancellationToken cancellationToken)
    {
        Task<FetchedEntry> flight = _loads.RunAsync(
            key.Name, (fetcher, key, look, state, load), static call => call.fetcher.LoadAsync(call.key, call.look, atLeast => call.load(call.state, atLeast)),
            out bool isAnothers);
        using Activity? wait = isAnothers ? CacheSpans.WaitFor(flight) : null;
        try
        {
            FetchedEntry loaded = await WaitAsync(flight, key, cancellationToken).ConfigureAwait(false);
            return Answer(key.Policy, loaded.Entry, loaded.Outcome, clock.MonotonicMilliseconds, started) with { LoadTook = loaded.Took };
        }
        catch (Exception failure) when (failure is TimeoutException or DatabaseUnavailableException)
        {
            long now = clock.MonotonicMilliseconds;
            if (FailSafe(key) is { } kept)
                return Answer(key.Policy, kept, now < kept.FreshUntil ? CacheOutcome.MemoryHit : CacheOutcome.Stale, now, started);

            metrics.Failed(key.Policy, time.GetElapsedTime(started));
            if (failure is DatabaseUnavailableException)
                throw;
            throw new DatabaseUnavailableException("It is not cached, and loading it takes too long.", TimeSpan.FromSeconds(1), failure);
        }
    }

    /// <summary>Waits long when there is nothing else to answer with, and only briefly once there is.</summary>
    private async Task<FetchedEntry> WaitAsync(Task<FetchedEntry> flight, CacheKey key, CancellationToken cancellationToken)
    {
        try
        {
            return await flight.WaitAsync(options.SoftTimeout, time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException) when (FailSafe(key) is null)
        {
            return await flight.WaitAsync(options.HardTimeout - options.SoftTimeout, time, cancellationToken).ConfigureAwait(false);
        }
    }

    // Looked up again, because the flight leaves what it finds in Redis here, however old.
    private CacheEntry? FailSafe(CacheKey key) =>
        memory.Find(key.Name) is { Representation: not null } entry && clock.MonotonicMilliseconds < entry.FailSafeUntil ? entry : null;

    private async Task RefreshAsync<TState>(CacheKey key, CacheEntry entry, TState state, Func<TState, NpgsqlLogSequenceNumber, Task<Representation?>> load)
    {
        try
        {
            await fetcher.RefreshAsync(key, entry, atLeast => load(state, atLeast)).ConfigureAwait(false);
        }
        catch (DatabaseUnavailableException failure)
        {
            // Nobody waits for it; the entry is still fresh, and the next reader tries again.
            entry.ReleaseRefresh();
            logger.LogWarning("{Key} could not be refreshed early: {Error}", key.Name, failure.Message);
        }
        catch (Exception failure)
        {
            entry.ReleaseRefresh();
            logger.LogError(failure, "{Key} could not be refreshed early", key.Name);
        }
    }

    private CacheAnswer Answer(CachePolicy policy, CacheEntry entry, CacheOutcome outcome, long now, long started)
    {
        metrics.Counts.Add(outcome);
        if (metrics.IsEnabled)
            metrics.Read(policy, outcome, time.GetElapsedTime(started));
        return new CacheAnswer(entry.Representation, outcome, entry.AgeAt(now), TimeSpan.FromMilliseconds(entry.FreshUntil - now));
    }
}
