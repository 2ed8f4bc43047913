using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using TByte.Functions.Postgres;
using TByte.Functions.Redis;
using TByte.Functions.Telemetry;

namespace TByte.Functions.Caching;

/// <summary>
/// Makes up for pushes that were lost: Redis away, or the writer killed between commit and push. Every instance replays the
/// log into its memory, and into Redis from the position that is kept in Redis itself, so that a Redis that was flushed,
/// restored or failed over replays just what it lost.
/// </summary>
internal sealed class InvalidationReplay : BackgroundService
{
    private const int BatchSize = 200;
    private static readonly RedisKey PositionKey = "tb:{invalidations}:position";
    private static readonly TimeSpan PruneInterval = TimeSpan.FromHours(1);
    private static readonly TimeSpan MostWaitAtStart = TimeSpan.FromSeconds(2);

    private readonly InvalidationLog _log;
    private readonly MemoryLevel _memory;
    private readonly WritePositions _positions;
    private readonly RedisLevel _redis;
    private readonly RedisGate _gate;
    private readonly CacheOptions _options;
    private readonly TimeProvider _time;
    private readonly CacheMetrics _metrics;
    private readonly ILogger<InvalidationReplay> _logger;
    private readonly SemaphoreSlim _reconnected = new(0, 1);
    private readonly SemaphoreSlim _replaying = new(1, 1);
    private long? _memoryPosition;
    private long? _redisPosition;

    public InvalidationReplay(
        InvalidationLog log,
        MemoryLevel memory,
        WritePositions positions,
        RedisLevel redis,
        RedisGate gate,
        CacheOptions options,
        TimeProvider time,
        CacheMetrics metrics,
        ILogger<InvalidationReplay> logger)
    {
        _log = log;
        _memory = memory;
        _positions = positions;
        _redis = redis;
        _gate = gate;
        _options = options;
        _time = time;
        _metrics = metrics;
        _logger = logger;
        gate.Subscribe(Invalidation.Channel, Pushed);
        gate.Reconnected += Wake;
    }

    public override void Dispose()
    {
        _gate.Reconnected -= Wake;
        base.Dispose();
        _reconnected.Dispose();
        _replaying.Dispose();
    }

    /// <summary>Replays once before the app takes requests, so that it does not begin with what others have missed.</summary>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitForFirstProbeAsync(MostWaitAtStart, cancellationToken).ConfigureAwait(false);
        await TryReplayAsync(cancellationToken).ConfigureAwait(false);
        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Replays what was written since the last time.</summary>
    internal async Task ReplayAsync(CancellationToken cancellationToken)
    {
        await _replaying.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            RedisReply<RedisValue> kept = await _gate.CallAsync(RedisPurpose.ReadPosition, PositionKey, static (redis, key) => redis.StringGetAsync(key)).ConfigureAwait(false);
            long? inRedis = kept.Answered ? (long?)kept.Value ?? 0 : null;
            bool intoRedis = kept.Answered;
            long? oldestOpen = null;
            LogPosition? next = LogPosition.From(From(inRedis));
            while (next is { } position)
            {
                LogPage page = await _log.ReadAsync(position, cancellationToken).ConfigureAwait(false);
                foreach (Invalidation invalidation in page.Invalidations)
                    Apply(invalidation);
                _metrics.Replayed(page.Invalidations.Count);
                intoRedis = intoRedis && await ReplayIntoRedisAsync(page.Invalidations).ConfigureAwait(false);
                oldestOpen ??= page.OldestOpen;
                next = page.Last;
            }

            _memoryPosition = oldestOpen;
            if (intoRedis && await AdvanceRedisAsync(oldestOpen!.Value).ConfigureAwait(false))
                _redisPosition = oldestOpen;
        }
        finally
        {
            _replaying.Release();
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        long pruned = _time.GetTimestamp();
        while (true)
        {
            await _reconnected.WaitAsync(_options.ReplayInterval, stoppingToken).ConfigureAwait(false);
            if (await TryReplayAsync(stoppingToken).ConfigureAwait(false) && _time.GetElapsedTime(pruned) >= PruneInterval)
            {
                pruned = _time.GetTimestamp();
                await TryAsync(_log.PruneAsync(stoppingToken), "Old invalidations could not be deleted").ConfigureAwait(false);
            }
        }
    }

    private async Task<bool> TryReplayAsync(CancellationToken cancellationToken)
    {
        long began = _time.GetTimestamp();
        bool isComplete = await TryAsync(ReplayAsync(cancellationToken), "Invalidations could not be replayed").ConfigureAwait(false);
        _metrics.ReplayEnded(isComplete, _time.GetElapsedTime(began));
        return isComplete;
    }

    // A replay that stopped for good would let old rows live: whatever goes wrong, the next round may succeed.
    private async Task<bool> TryAsync(Task work, string otherwise)
    {
        try
        {
            await work.ConfigureAwait(false);
            return true;
        }
        catch (DatabaseUnavailableException failure)
        {
            _logger.LogWarning("{Problem}: {Error}", otherwise, failure.Message);
            return false;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            _logger.LogError(failure, "{Problem}", otherwise);
            return false;
        }
    }

    /// <summary>
    /// Where to begin so that nothing is missed: the oldest of what memory, this instance's last look into Redis, and Redis
    /// itself have got to. Before the first look nothing from Redis is in memory, so Redis' position alone counts.
    /// </summary>
    private long From(long? inRedis)
    {
        if (inRedis is not { } redis)
            return _memoryPosition ?? 0;

        return Math.Min(redis, Math.Min(_redisPosition ?? redis, _memoryPosition ?? redis));
    }

    private async Task<bool> ReplayIntoRedisAsync(IReadOnlyList<Invalidation> invalidations)
    {
        foreach (Invalidation[] batch in invalidations.Chunk(BatchSize))
        {
            if (!await _redis.FenceAsync(batch).ConfigureAwait(false))
                return false;
        }

        return true;
    }

    private async Task<bool> AdvanceRedisAsync(long position)
    {
        RedisReply<bool> advanced = await _gate.CallAsync(
            RedisPurpose.WritePosition, position, static (redis, next) => redis.StringSetAsync(PositionKey, next)).ConfigureAwait(false);
        return advanced.Answered;
    }

    // The position first: who finds memory empty asks for it.
    private void Apply(Invalidation invalidation)
    {
        _positions.Heard(invalidation.Name, invalidation.Position);
        _memory.Invalidate(invalidation.Name, invalidation.Version);
    }

    private void Pushed(string message)
    {
        if (Invalidation.TryParse(message, out Invalidation invalidation))
        {
            Apply(invalidation);
            _metrics.Pushed();
        }
        else
        {
            _logger.LogWarning("A message on {Channel} is not an invalidation", Invalidation.Channel);
        }
    }

    private void Wake()
    {
        try
        {
            _reconnected.Release();
        }
        catch (SemaphoreFullException)
        {
            // Awake already.
        }
    }
}
