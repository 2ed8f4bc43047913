using StackExchange.Redis;
using TByte.Functions.Redis;
using TByte.Functions.Telemetry;

namespace TByte.Functions.Views;

/// <summary>What came of putting a batch into the queue.</summary>
internal enum QueueOutcome
{
    /// <summary>It is in; perhaps it has been before.</summary>
    Queued,

    /// <summary>There is no room: nobody takes batches out.</summary>
    Full,

    /// <summary>Redis has not answered; the batch may be in.</summary>
    Unknown,
}

/// <summary>Batches of views in Redis, between the instances that count and the timer that brings them to the database.</summary>
internal sealed class ViewQueue(RedisGate gate, ViewMetrics metrics)
{
    /// <summary>Some hours of a large fleet whose timer does not run; 100 MB at the very most.</summary>
    public const int MostBatches = 20_000;

    // Only spares a repetition its place in the queue; the database knows what it has counted.
    private static readonly TimeSpan SequenceLife = TimeSpan.FromHours(1);

    private static readonly RedisKey Queue = "tb:{views}:queue";

    private static readonly string AddScript = EmbeddedScript.Load("TByte.Functions.Views.Lua.add_views.lua");
    private static readonly string RemoveScript = EmbeddedScript.Load("TByte.Functions.Views.Lua.remove_views.lua");

    /// <summary>Whether there is a Redis at all.</summary>
    public bool Exists => gate.IsConfigured;

    /// <summary>Puts a batch at the end, unless it or a later one of its sender has been there.</summary>
    public async ValueTask<QueueOutcome> AddAsync(ViewBatch batch)
    {
        RedisReply<RedisResult> reply = await gate.CallAsync(RedisPurpose.AddViews, batch, static (redis, batch) => redis.ScriptEvaluateAsync(
            AddScript,
            [Queue, SequenceOf(batch.Sender)],
            [batch.Sequence, batch.Write(), MostBatches, (long)SequenceLife.TotalMilliseconds]), gate.BackgroundBudget).ConfigureAwait(false);
        if (!reply.Answered)
            return QueueOutcome.Unknown;
        metrics.Queued((long)reply.Value[1]);
        return (string?)reply.Value[0] == "Q" ? QueueOutcome.Queued : QueueOutcome.Full;
    }

    /// <summary>The first batches, as they were written; they stay where they are.</summary>
    public async ValueTask<RedisReply<string[]>> PeekAsync(int most)
    {
        RedisReply<RedisValue[]> reply = await gate.CallAsync(
            RedisPurpose.PeekViews, most, static (redis, most) => redis.ListRangeAsync(Queue, 0, most - 1), gate.BackgroundBudget).ConfigureAwait(false);
        return reply.Answered ? new(Array.ConvertAll(reply.Value, static batch => batch.ToString())) : default;
    }

    /// <summary>Removes what was peeked at, unless somebody else has. False when Redis has not answered.</summary>
    public async ValueTask<bool> RemoveAsync(IEnumerable<string> written)
    {
        RedisValue[] names = [.. written.Select(static batch => (RedisValue)ViewBatch.NameOf(batch))];
        RedisReply<RedisResult> reply = await gate.CallAsync(
            RedisPurpose.RemoveViews, names, static (redis, names) => redis.ScriptEvaluateAsync(RemoveScript, [Queue], names), gate.BackgroundBudget).ConfigureAwait(false);
        return reply.Answered;
    }

    private static RedisKey SequenceOf(string sender) => $"tb:{{views}}:sequence:{sender}";
}
