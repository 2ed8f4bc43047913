using System.Diagnostics;
using StackExchange.Redis;
using TByte.Functions.Telemetry;

namespace TByte.Functions.Redis;

/// <summary>
/// Reads that come while others are on their way wait for those and then go together, as one command. Alone a read goes at
/// once; under load a round trip is shared by many, which is most of what a read from Redis costs in processor time.
/// </summary>
internal sealed class BatchedReads(RedisGate gate)
{
    // Who reads goes on where the replies arrive, one after the other: a batch must be short.
    private const int MostReads = 64;

    private readonly Lock _lock = new();
    private readonly Queue<Read> _waiting = new();
    private bool _underWay;

    /// <summary>Reads one key. Waits no longer than one budget: what waits behind a batch that gets no answer gets none either.</summary>
    /// <param name="key">The key.</param>
    /// <param name="span">The reader's own, which is told how the read went.</param>
    public Task<RedisReply<RedisValue>> GetAsync(RedisKey key, Activity? span = null)
    {
        Read read = new(key, span);
        lock (_lock)
        {
            _waiting.Enqueue(read);
            if (_underWay)
                return read.Task;
            _underWay = true;
        }

        _ = RunAsync();
        return read.Task;
    }

    private async Task RunAsync()
    {
        // For many readers, each of which has a span of its own: not a part of the trace of the one that happened to begin it.
        Activity.Current = null;
        Read[]? batch = Next();
        Task<RedisReply<RedisValue[]>> underWay = SendAsync(batch!);
        while (batch is not null)
        {
            Read[] sent = batch;
            (RedisReply<RedisValue[]> reply, Exception? failure) = await OutcomeAsync(underWay).ConfigureAwait(false);
            if (!reply.Answered)
                sent = [.. sent, .. TakeWaiting()];

            // The next batch is on its way before those who have got their answers go on here.
            batch = Next();
            if (batch is not null)
                underWay = SendAsync(batch);
            Complete(sent, reply, failure);
        }
    }

    private Task<RedisReply<RedisValue[]>> SendAsync(Read[] batch) =>
        gate.CallAsync<Read[], RedisValue[]>(RedisPurpose.Read, batch, gate.IsClustered ? GetEachAsync : GetAllAsync).AsTask();

    // What the gate does not take for an answer goes to those who asked; the reads after them must go on.
    private static async Task<(RedisReply<RedisValue[]> Reply, Exception? Failure)> OutcomeAsync(Task<RedisReply<RedisValue[]>> call)
    {
        try
        {
            return (await call.ConfigureAwait(false), null);
        }
        catch (Exception failure)
        {
            return (default, failure);
        }
    }

    private static void Complete(Read[] reads, RedisReply<RedisValue[]> reply, Exception? failure)
    {
        for (int i = 0; i < reads.Length; i++)
        {
            reads[i].Span.Ended(reads.Length, reply.Answered);
            if (failure is not null)
                reads[i].SetException(failure);
            else
                reads[i].SetResult(reply.Answered ? new(reply.Value[i]) : default);
        }
    }

    private Read[]? Next()
    {
        lock (_lock)
        {
            _underWay = _waiting.Count > 0;
            if (!_underWay)
                return null;

            Read[] batch = new Read[Math.Min(MostReads, _waiting.Count)];
            for (int i = 0; i < batch.Length; i++)
                batch[i] = _waiting.Dequeue();
            return batch;
        }
    }

    private Read[] TakeWaiting()
    {
        lock (_lock)
        {
            Read[] waiting = [.. _waiting];
            _waiting.Clear();
            return waiting;
        }
    }

    private static Task<RedisValue[]> GetAllAsync(IDatabase redis, Read[] batch) =>
        redis.StringGetAsync(Array.ConvertAll(batch, static read => read.Key));

    // Sent together, each for itself.
    private static Task<RedisValue[]> GetEachAsync(IDatabase redis, Read[] batch)
    {
        IBatch together = redis.CreateBatch();
        Task<RedisValue[]> values = Task.WhenAll(Array.ConvertAll(batch, read => together.StringGetAsync(read.Key)));
        together.Execute();
        return values;
    }

    private sealed class Read(RedisKey key, Activity? span) : TaskCompletionSource<RedisReply<RedisValue>>
    {
        public RedisKey Key => key;

        public Activity? Span => span;
    }
}
