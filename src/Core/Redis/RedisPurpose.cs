namespace TByte.Functions.Redis;

/// <summary>What a call is for: the name of its span, and by what its metrics are told apart. There are as many as are listed here.</summary>
internal sealed class RedisPurpose
{
    public static readonly RedisPurpose Probe = new("probe", "TIME");
    public static readonly RedisPurpose Read = new("read", "MGET");
    public static readonly RedisPurpose Lease = new("lease");
    public static readonly RedisPurpose Store = new("store");
    public static readonly RedisPurpose Release = new("release");
    public static readonly RedisPurpose Invalidate = new("invalidate");
    public static readonly RedisPurpose ReadPosition = new("replay_position", "GET");
    public static readonly RedisPurpose WritePosition = new("replay_position", "SET");
    public static readonly RedisPurpose Freshness = new("warming", "GETRANGE");
    public static readonly RedisPurpose ReadMany = new("warming", "GET");
    public static readonly RedisPurpose StoreMany = new("warming");
    public static readonly RedisPurpose ReadHotSet = new("hot_set", "GET");
    public static readonly RedisPurpose WriteHotSet = new("hot_set", "SET");
    public static readonly RedisPurpose Breaker = new("breaker");
    public static readonly RedisPurpose RateLimit = new("rate_limit");
    public static readonly RedisPurpose HeavyQuery = new("heavy_query");
    public static readonly RedisPurpose AddViews = new("views");
    public static readonly RedisPurpose PeekViews = new("views", "LRANGE");
    public static readonly RedisPurpose RemoveViews = new("views");
    public static readonly RedisPurpose Status = new("status");
    public static readonly RedisPurpose ReadFleet = new("status", "HGETALL");

    private const string Script = "EVALSHA";

    private RedisPurpose(string name, string command = Script)
    {
        Name = name;
        Command = command;
        SpanName = $"{command} {name}";
        Tag = new KeyValuePair<string, object?>("redis.purpose", name);
    }

    public string Name { get; }

    /// <summary>The command that is sent, once or many times together.</summary>
    public string Command { get; }

    public string SpanName { get; }

    /// <summary>As an attribute of metrics.</summary>
    public KeyValuePair<string, object?> Tag { get; }
}
