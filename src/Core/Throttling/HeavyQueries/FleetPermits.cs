using StackExchange.Redis;
using TByte.Functions.Postgres;
using TByte.Functions.Redis;

namespace TByte.Functions.Throttling;

/// <summary>
/// The fleet's permits for heavy queries, for each server. They are leases in Redis, so that those of an instance that dies come back
/// by themselves. While Redis is away each instance keeps an equal share of them.
/// </summary>
/// <param name="options">How many there are, and how long one lasts.</param>
/// <param name="gate">The way to Redis.</param>
/// <param name="liveInstances">How many instances share the permits while Redis is away.</param>
/// <param name="time">The clock.</param>
internal sealed class FleetPermits(HeavyQueryOptions options, RedisGate gate, Func<int> liveInstances, TimeProvider time)
{
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(250);

    private static readonly string AcquireScript = Script("acquire_permit");
    private static readonly string ReleaseScript = Script("release_permit");

    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _held = [];

    /// <summary>How many of a server's permits this instance may have while Redis is away.</summary>
    private int Share => Math.Max(1, options.FleetLimit / Math.Max(1, liveInstances()));

    /// <summary>Waits for a permit; null when there was none until the deadline.</summary>
    /// <param name="choose">Names the server that is best at the moment; another one may have permits left.</param>
    /// <param name="deadline">However late it is, it is tried once.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public async Task<FleetPermit?> AcquireAsync(Func<DatabaseServer> choose, Deadline deadline, CancellationToken cancellationToken)
    {
        for (TimeSpan pause = ShortestPause; ; pause = Shorter(2 * pause, LongestPause))
        {
            if (await TryAcquireAsync(choose()).ConfigureAwait(false) is { } permit)
                return permit;

            TimeSpan left = deadline.Left;
            if (left == TimeSpan.Zero)
                return null;
            // At random, or all who wait would ask together again.
            await Task.Delay(Shorter(pause * (0.5 + Random.Shared.NextDouble()), left), time, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Gives a permit back.</summary>
    internal void Release(string server, string token)
    {
        lock (_lock)
            _held[server]--;
        Forget(server, token);
    }

    private async ValueTask<FleetPermit?> TryAcquireAsync(DatabaseServer server)
    {
        string token = Guid.NewGuid().ToString("N");
        RedisReply<bool> taken = await gate.CallAsync(
            RedisPurpose.HeavyQuery,
            (Key: Key(server.Name), Token: token, Options: options),
            static async (redis, ask) => (bool)await redis.ScriptEvaluateAsync(
                AcquireScript,
                [ask.Key],
                [ask.Token, ask.Options.FleetLimit, (long)ask.Options.PermitLease.TotalMilliseconds]).ConfigureAwait(false)).ConfigureAwait(false);
        if (taken is { Answered: true, Value: false })
            return null;

        if (TryHold(server.Name, taken.Answered ? int.MaxValue : Share))
            return new FleetPermit(this, server, token);

        // An answer that came too late may have been a yes.
        Forget(server.Name, token);
        return null;
    }

    private bool TryHold(string server, int most)
    {
        lock (_lock)
        {
            int held = _held.GetValueOrDefault(server);
            if (held >= most)
                return false;

            _held[server] = held + 1;
            return true;
        }
    }

    // Nobody waits for the answer: without one the lease ends by itself.
    private void Forget(string server, string token) =>
        _ = gate.CallAsync(RedisPurpose.HeavyQuery, (Key: Key(server), Token: token), static (redis, permit) =>
            redis.ScriptEvaluateAsync(ReleaseScript, [permit.Key], [permit.Token])).AsTask();

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static RedisKey Key(string server) => $"tb:{{heavy:{server}}}:permits";

    private static string Script(string name) => EmbeddedScript.Load($"TByte.Functions.Throttling.HeavyQueries.Lua.{name}.lua");
}

/// <summary>The right of the fleet to ask one server one heavy query; disposing of it gives it back.</summary>
internal sealed class FleetPermit(FleetPermits permits, DatabaseServer server, string token) : IDisposable
{
    private int _released;

    public DatabaseServer Server => server;

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _released, 1) == 0)
            permits.Release(server.Name, token);
    }
}
