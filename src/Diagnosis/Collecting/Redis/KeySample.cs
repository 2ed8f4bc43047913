using StackExchange.Redis;

namespace TByte.Functions.Diagnosis;

/// <summary>Some keys and what is left of their lives. Kept in memory only: names of keys may tell of people.</summary>
internal sealed class KeySample
{
    private const int MostKeys = 500;
    private const int PageSize = 100;
    private const int MostLooks = 8;

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(250);

    private readonly IReadOnlyList<SampledKey> _keys;
    private readonly long _at;

    private KeySample(IReadOnlyList<SampledKey> keys, long at)
    {
        _keys = keys;
        _at = at;
    }

    /// <summary>Looks at some keys, wherever the server begins to list them; reads none of their values and touches none.</summary>
    public static async Task<KeySample> TakeAsync(IDatabase redis, IReadOnlyList<IServer> servers, TimeProvider time, CancellationToken cancellationToken)
    {
        List<RedisKey> names = [];
        foreach (IServer server in servers)
        {
            int most = names.Count + MostKeys / servers.Count;
            await foreach (RedisKey key in server.KeysAsync(redis.Database, pageSize: PageSize).WithCancellation(cancellationToken).ConfigureAwait(false))
            {
                if (names.Count >= most)
                    break;
                names.Add(key);
            }
        }

        return new KeySample(await LookAsync(redis, names).ConfigureAwait(false), time.GetTimestamp());
    }

    /// <summary>What this sample and an earlier one tell.</summary>
    public async Task<KeySampleEvidence?> CompareAsync(
        KeySample? earlier, IDatabase redis, TimeProvider time, CancellationToken cancellationToken)
    {
        if (_keys.Count == 0)
            return null;

        (int ended, int cameBack) = earlier is null ? (0, 0) : await ComeBackAsync(earlier, redis, time, cancellationToken).ConfigureAwait(false);
        (string pattern, double share) = KeyPattern.MostCommon(_keys.Select(static key => key.Name.ToString()));
        SampledKey[] mortal = [.. _keys.Where(static key => key.Left is not null).OrderBy(static key => key.Left)];
        return new KeySampleEvidence(_keys.Count, pattern, share, mortal.Length > 0 ? mortal[mortal.Length / 2].Left : null, ended, cameBack, NeverRead());
    }

    /// <summary>
    /// Keys of the earlier sample that ran out since, and those that were written again. Looks several times: what lives for a moment only
    /// is mostly not there.
    /// </summary>
    private static async Task<(int Ended, int CameBack)> ComeBackAsync(
        KeySample earlier, IDatabase redis, TimeProvider time, CancellationToken cancellationToken)
    {
        TimeSpan passed = time.GetElapsedTime(earlier._at);
        HashSet<RedisKey> missing = [.. earlier._keys.Where(key => key.Left is { } left && left < passed).Select(static key => key.Name)];
        int ended = missing.Count;
        for (int looks = 0; looks < MostLooks && missing.Count > 0; looks++)
        {
            if (looks > 0)
                await Task.Delay(BetweenLooks, time, cancellationToken).ConfigureAwait(false);
            RedisKey[] names = [.. missing];
            bool[] exist = await Task.WhenAll(names.Select(name => redis.KeyExistsAsync(name))).ConfigureAwait(false);
            missing.ExceptWith(names.Where((_, i) => exist[i]));
        }

        return (ended, ended - missing.Count);
    }

    /// <summary>A key that has been idle for as long as it can have existed, give or take a second, was never read.</summary>
    private double? NeverRead()
    {
        SampledKey[] known = [.. _keys.Where(static key => key.Left is not null && key.Idle is not null)];
        if (known.Length == 0)
            return null;

        Dictionary<string, TimeSpan> lives = known.GroupBy(static key => KeyPattern.Of(key.Name.ToString()))
            .ToDictionary(static group => group.Key, static group => group.Max(static key => key.Left!.Value));
        (SampledKey Key, TimeSpan Age)[] aged =
        [
            .. known.Select(key => (key, lives[KeyPattern.Of(key.Name.ToString())] - key.Left!.Value)).Where(static entry => entry.Item2 > TimeSpan.FromSeconds(3)),
        ];
        return aged.Length < 20 ? null : (double)aged.Count(static entry => entry.Key.Idle >= entry.Age - TimeSpan.FromSeconds(1.5)) / aged.Length;
    }

    private static async Task<IReadOnlyList<SampledKey>> LookAsync(IDatabase redis, IReadOnlyList<RedisKey> names)
    {
        Task<TimeSpan?>[] lives = [.. names.Select(name => redis.KeyTimeToLiveAsync(name))];
        Task<TimeSpan?>[] idle = [.. names.Select(name => IdleAsync(redis, name))];
        await Task.WhenAll([.. lives, .. idle]).ConfigureAwait(false);
        return [.. names.Select((name, i) => new SampledKey(name, lives[i].Result, idle[i].Result))];
    }

    private static async Task<TimeSpan?> IdleAsync(IDatabase redis, RedisKey name)
    {
        try
        {
            return await redis.KeyIdleTimeAsync(name).ConfigureAwait(false);
        }
        catch (RedisServerException)
        {
            // Not known to every server, nor under every eviction policy.
            return null;
        }
    }

    private readonly record struct SampledKey(RedisKey Name, TimeSpan? Left, TimeSpan? Idle);
}
