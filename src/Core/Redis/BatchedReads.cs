using StackExchange.Redis;

namespace TByte.Functions.Redis;

/// <summary>
/// Reads that come while others are on their way wait for those and then go together, as one command. Alone a read goes at
/// once; under load a round trip is shared by many, which is most of what a read from Redis costs in processor time.
/// </summary>
internal sealed class BatchedReads(RedisGate gate)
{
    private const int MostReads = 256;

    private readonly Lock _lock = new();
    private readonly Queue<Read> _waiting = new();
    private bool _underWay;

    /// <summary>Reads one key. Waits no longer than one budget: what waits behind a batch that gets no answer gets none either.</summary>
    public Task<RedisReply<RedisValue>> GetAsync(RedisKey key)
    {
        Read read = new(key);
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
        while (Next(MostReads) is { } batch)
        {
            RedisReply<RedisValue[]> reply = await gate.CallAsync(batch, GetAllAsync).ConfigureAwait(false);
            for (int i = 0; i < batch.Length; i++)
                batch[i].SetResult(reply.Answered ? new(reply.Value[i]) : default);
            if (!reply.Answered)
                FailWaiting();
        }
    }

    private Read[]? Next(int most)
    {
        lock (_lock)
        {
            _underWay = _waiting.Count > 0;
            if (!_underWay)
                return null;

            Read[] batch = new Read[Math.Min(most, _waiting.Count)];
            for (int i = 0; i < batch.Length; i++)
                batch[i] = _waiting.Dequeue();
            return batch;
        }
    }

    private void FailWaiting()
    {
        Read[] waiting;
        lock (_lock)
        {
            waiting = [.. _waiting];
            _waiting.Clear();
        }

        foreach (Read read in waiting)
            read.SetResult(default);
    }

    private static Task<RedisValue[]> GetAllAsync(IDatabase redis, Read[] batch)
    {
        if (batch.Length == 1)
            return GetOneAsync(redis, batch[0].Key);
        if (!IsClustered(redis.Multiplexer))
            return redis.StringGetAsync(Array.ConvertAll(batch, static read => read.Key));

        // One command may touch one slot of a cluster only: these are sent together, each for itself.
        IBatch together = redis.CreateBatch();
        Task<RedisValue[]> values = Task.WhenAll(Array.ConvertAll(batch, read => together.StringGetAsync(read.Key)));
        together.Execute();
        return values;
    }

    private static async Task<RedisValue[]> GetOneAsync(IDatabase redis, RedisKey key) => [await redis.StringGetAsync(key).ConfigureAwait(false)];

    private static bool IsClustered(IConnectionMultiplexer connection)
    {
        foreach (IServer server in connection.GetServers())
        {
            if (server.ServerType == ServerType.Cluster)
                return true;
        }

        return false;
    }

    private sealed class Read(RedisKey key) : TaskCompletionSource<RedisReply<RedisValue>>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public RedisKey Key => key;
    }
}
