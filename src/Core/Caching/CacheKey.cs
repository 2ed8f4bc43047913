using StackExchange.Redis;

namespace TByte.Functions.Caching;

/// <summary>Names one entry in every level. The tag in braces keeps what one script touches in one slot of a clustered Redis.</summary>
internal readonly record struct CacheKey(CachePolicy Policy, string Name)
{
    public RedisKey Entry => EntryOf(Name);

    public RedisKey Lease => $"tb:{{{Name}}}:lease";

    public RedisKey Position => $"tb:{{{Name}}}:lsn";

    public static string EntryOf(string name) => $"tb:{{{name}}}:entry";
}
