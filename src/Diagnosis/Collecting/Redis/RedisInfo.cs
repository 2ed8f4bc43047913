using System.Globalization;
using StackExchange.Redis;

namespace TByte.Functions.Diagnosis;

/// <summary>What <c>INFO</c> says, over all primaries of a cluster. Servers that do not count something leave it out.</summary>
internal sealed record RedisInfo(RedisCounter Counter, long UsedBytes, long? MaxBytes, string EvictionPolicy, TimeSpan Uptime)
{
    public static async Task<RedisInfo> ReadAsync(IReadOnlyList<IServer> servers)
    {
        IReadOnlyDictionary<string, string>[] all = await Task.WhenAll(servers.Select(ReadAsync)).ConfigureAwait(false);
        return new RedisInfo(
            new RedisCounter(Sum("keyspace_hits"), Sum("keyspace_misses"), Sum("expired_keys") ?? 0, Sum("evicted_keys") ?? 0),
            Sum("used_memory") ?? 0,
            Sum("maxmemory") is > 0 and long max ? max : null,
            all.Select(static info => info.GetValueOrDefault("maxmemory_policy", "")).FirstOrDefault(""),
            TimeSpan.FromSeconds(all.Min(static info => Number(info, "uptime_in_seconds") ?? 0)));

        long? Sum(string name) => all.All(info => Number(info, name) is not null) ? all.Sum(info => Number(info, name)) : null;
    }

    private static async Task<IReadOnlyDictionary<string, string>> ReadAsync(IServer server)
    {
        string text = await server.InfoRawAsync().ConfigureAwait(false) ?? "";
        Dictionary<string, string> values = [];
        foreach (string line in text.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            int colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
                values[line[..colon]] = line[(colon + 1)..];
        }

        return values;
    }

    private static long? Number(IReadOnlyDictionary<string, string> info, string name) =>
        info.TryGetValue(name, out string? text) && long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out long value) ? value : null;
}
