using System.Globalization;
using StackExchange.Redis;
using TByte.Functions.Resilience;

namespace TByte.Functions.Diagnosis;

/// <summary>A breaker as it lies in Redis.</summary>
internal sealed record StoredBreaker(string Name, string State, long Epoch, int Streak, string Reason, TimeSpan InState)
{
    public static async Task<IReadOnlyList<StoredBreaker>> ReadAsync(IDatabase redis, IReadOnlyList<string> names, long nowMs)
    {
        RedisValue[] fields = ["state", "epoch", "streak", "reason", "since"];
        RedisValue[][] values = await Task.WhenAll(names.Select(name => redis.HashGetAsync(BreakerStore.KeyOf(name), fields))).ConfigureAwait(false);
        return [.. names.Zip(values, (name, value) => Parse(name, value, nowMs)).OfType<StoredBreaker>()];
    }

    /// <summary>What it has done since.</summary>
    public BreakerUse Since(RedisMemory? before) => new(
        Name, State, before is not null && before.BreakerEpochs.TryGetValue(Name, out long earlier) && earlier <= Epoch ? Epoch - earlier : null, Streak, InState, Reason);

    private static StoredBreaker? Parse(string name, RedisValue[] value, long nowMs) =>
        long.TryParse(value[1].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out long epoch)
            && int.TryParse(value[2].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out int streak)
            && long.TryParse(value[4].ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out long since)
            ? new StoredBreaker(name, value[0].ToString(), epoch, streak, value[3].ToString(), TimeSpan.FromMilliseconds(Math.Max(0, nowMs - since)))
            : null;
}
