using System.Diagnostics;
using System.Globalization;
using NpgsqlTypes;
using StackExchange.Redis;
using TByte.Functions.Postgres;
using TByte.Functions.Redis;
using TByte.Functions.Telemetry;

namespace TByte.Functions.Caching;

/// <summary>What came of asking for the right to load: exactly one of the three is set.</summary>
/// <param name="Entry">A fresh entry has come meanwhile.</param>
/// <param name="Token">The caller is to load.</param>
/// <param name="HeldFor">Another loads, for this long at most.</param>
/// <param name="Written">With a token: where the last write of the key is in the primary's log.</param>
internal readonly record struct LeaseReply(StoredEntry? Entry, long? Token, TimeSpan? HeldFor, NpgsqlLogSequenceNumber Written = default);

/// <summary>What came of storing: the newer entry that was there, or the time of storing.</summary>
internal readonly record struct StoreReply(StoredEntry? Newer, long StoredAt);

/// <summary>L2: Redis, shared by the fleet. Each change is one script; versions decide, not who comes last.</summary>
internal sealed class RedisLevel(RedisGate gate, BatchedReads reads, CacheOptions options)
{
    // Outlives every load: budgets end the wait for one and statement_timeout ends its query, both within seconds.
    private static readonly TimeSpan TombstoneLife = TimeSpan.FromMinutes(2);

    internal static readonly string StoreScript = Script("store");
    private static readonly string LeaseScript = Script("lease");
    private static readonly string ReleaseScript = Script("release");
    private static readonly string FenceScript = Script("fence");

    public async ValueTask<RedisReply<StoredEntry?>> ReadAsync(CacheKey key)
    {
        using Activity? span = RedisSpans.Call(RedisPurpose.Read);
        RedisReply<RedisValue> reply = await reads.GetAsync(key.Entry, span).ConfigureAwait(false);
        return reply.Answered ? new RedisReply<StoredEntry?>(Parse(reply.Value, key.Policy)) : default;
    }

    /// <param name="key">The entry.</param>
    /// <param name="seen">When the entry that the caller has already was stored; 0 for none.</param>
    public async ValueTask<RedisReply<LeaseReply>> LeaseAsync(CacheKey key, long seen)
    {
        RedisReply<RedisResult> reply = await EvaluateAsync(
            RedisPurpose.Lease, LeaseScript, key, (long)options.LeaseLife.TotalMilliseconds, seen).ConfigureAwait(false);
        if (!reply.Answered)
            return default;

        return (string)reply.Value[0]! switch
        {
            "L" => new(new LeaseReply(null, (long)reply.Value[1], null, ParsePosition((string?)reply.Value[2]))),
            "W" => new(new LeaseReply(null, null, TimeSpan.FromMilliseconds((long)reply.Value[1]))),
            _ => new(new LeaseReply(Parse((RedisValue)reply.Value[1], key.Policy), null, null)),
        };
    }

    /// <summary>Stores what a load under a lease found, and gives the lease back.</summary>
    public ValueTask<RedisReply<StoreReply>> StoreLoadedAsync(CacheKey key, Representation? loaded, TimeSpan freshFor, long token)
    {
        long order = key.Policy.IsVersioned ? loaded?.Version ?? 0 : token;
        return StoreAsync(key, loaded, order, freshFor, token);
    }

    /// <summary>Stores a row that was written, tells the other instances, and where it is in the primary's log.</summary>
    public ValueTask<RedisReply<StoreReply>> StoreWrittenAsync(
        CacheKey key, Representation row, TimeSpan freshFor, NpgsqlLogSequenceNumber position) =>
        StoreAsync(key, row, row.Version, freshFor, token: null, new Invalidation(key.Name, row.Version, position));

    public ValueTask<RedisReply<RedisResult>> ReleaseAsync(CacheKey key, long token) => EvaluateAsync(RedisPurpose.Release, ReleaseScript, key, token);

    /// <summary>Raises the lowest version of many entries in one round trip; false when Redis is away.</summary>
    public async ValueTask<bool> FenceAsync(IReadOnlyList<Invalidation> invalidations)
    {
        RedisReply<RedisResult[]> reply = await gate.CallAsync(RedisPurpose.Invalidate, invalidations, static (redis, batch) =>
            Task.WhenAll(batch.Select(one => redis.ScriptEvaluateAsync(
                FenceScript, [CacheKey.EntryOf(one.Name)], [one.Version, (long)TombstoneLife.TotalMilliseconds])))).ConfigureAwait(false);
        return reply.Answered;
    }

    /// <summary>What the script that stores an entry is called with.</summary>
    /// <param name="representation">Null for what does not exist.</param>
    /// <param name="order">The row's version; the lease's token where a kind has no versions.</param>
    /// <param name="freshFor">How long it is fresh.</param>
    /// <param name="token">The lease to give back, if there is one.</param>
    /// <param name="invalidation">What to tell the other instances, if anything.</param>
    internal RedisValue[] StoreArguments(
        Representation? representation, long order, TimeSpan freshFor, long? token = null, Invalidation? invalidation = null)
    {
        TimeSpan keepFor = representation is null || options.FailSafeLife < freshFor ? freshFor : options.FailSafeLife;
        return
        [
            representation is null ? "N" : "P",
            order,
            (long)freshFor.TotalMilliseconds,
            (long)keepFor.TotalMilliseconds,
            StoredEntry.OwnerAndTag(representation),
            representation?.Body ?? ReadOnlyMemory<byte>.Empty,
            token ?? RedisValue.EmptyString,
            invalidation?.Message() ?? "",
            invalidation is { Position: var position } && position != NpgsqlLogSequenceNumber.Invalid
                ? ((ulong)position).ToString(CultureInfo.InvariantCulture)
                : "",
        ];
    }

    internal static RedisKey[] ScriptKeys(CacheKey key) => [key.Entry, key.Lease, key.Position];

    internal static StoreReply ParseStored(RedisResult reply, CachePolicy policy) => (string)reply[0]! == "S"
        ? new StoreReply(null, (long)reply[1])
        : new StoreReply(Parse((RedisValue)reply[1], policy), 0);

    internal static StoredEntry? Parse(RedisValue stored, CachePolicy policy) =>
        stored.IsNullOrEmpty ? null : StoredEntry.Parse((byte[])stored!, policy);

    private async ValueTask<RedisReply<StoreReply>> StoreAsync(
        CacheKey key, Representation? representation, long order, TimeSpan freshFor, long? token, Invalidation? invalidation = null)
    {
        RedisReply<RedisResult> reply = await EvaluateAsync(
            RedisPurpose.Store, StoreScript, key, StoreArguments(representation, order, freshFor, token, invalidation)).ConfigureAwait(false);
        return reply.Answered ? new(ParseStored(reply.Value, key.Policy)) : default;
    }

    private ValueTask<RedisReply<RedisResult>> EvaluateAsync(RedisPurpose purpose, string script, CacheKey key, params RedisValue[] arguments) =>
        gate.CallAsync(purpose, (script, key, arguments), static (redis, call) =>
            redis.ScriptEvaluateAsync(call.script, ScriptKeys(call.key), call.arguments));

    // What cannot be read is taken for the safe thing: the primary.
    private static NpgsqlLogSequenceNumber ParsePosition(string? position)
    {
        if (string.IsNullOrEmpty(position))
            return NpgsqlLogSequenceNumber.Invalid;
        return ulong.TryParse(position, NumberStyles.None, CultureInfo.InvariantCulture, out ulong parsed)
            ? new NpgsqlLogSequenceNumber(parsed)
            : ShopDatabase.Newest;
    }

    private static string Script(string name) => EmbeddedScript.Load($"TByte.Functions.Caching.Lua.{name}.lua");
}
