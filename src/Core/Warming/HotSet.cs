using System.Globalization;
using StackExchange.Redis;
using TByte.Functions.Redis;

namespace TByte.Functions.Warming;

/// <summary>The products that are read most, in Redis, the first ones first: what a new instance takes into its memory.</summary>
internal sealed class HotSet(RedisGate gate)
{
    private static readonly RedisKey Key = "tb:{hot}:products";

    // Of the day before it is still worth having; of the week before it would hide that nobody renews it.
    private static readonly TimeSpan Life = TimeSpan.FromDays(1);

    /// <summary>Replaces it; false when Redis has not answered.</summary>
    public async ValueTask<bool> WriteAsync(IReadOnlyList<long> products)
    {
        string written = string.Join(' ', products.Select(static id => id.ToString(CultureInfo.InvariantCulture)));
        RedisReply<bool> reply = await gate.CallAsync(
            RedisPurpose.WriteHotSet, written, static (redis, written) => redis.StringSetAsync(Key, written, Life), gate.BackgroundBudget).ConfigureAwait(false);
        return reply.Answered;
    }

    /// <summary>At most so many; none when nothing is known.</summary>
    public async ValueTask<IReadOnlyList<long>> ReadAsync(int most)
    {
        RedisReply<RedisValue> reply = await gate.CallAsync(
            RedisPurpose.ReadHotSet, 0, static (redis, _) => redis.StringGetAsync(Key), gate.BackgroundBudget).ConfigureAwait(false);
        if (!reply.Answered)
            return [];

        List<long> products = [];
        foreach (string word in ((string?)reply.Value ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Take(most))
        {
            if (long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out long id))
                products.Add(id);
        }

        return products;
    }
}
