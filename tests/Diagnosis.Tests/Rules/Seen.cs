using TByte.Functions.Diagnosis.Indexes;

namespace TByte.Functions.Diagnosis.Tests.Rules;

/// <summary>Evidence of a healthy shop, to be changed by what a test is about.</summary>
internal static class Seen
{
    public static DateTimeOffset At { get; } = new(2026, 3, 14, 9, 30, 0, TimeSpan.Zero);

    public static ServerEvidence Server { get; } = new()
    {
        Name = "postgres-primary",
        IsReplica = false,
        Version = "18.4",
        Window = TimeSpan.FromMinutes(5),
        Statements = [Statement(1, "select name from products where id = $1", calls: 10_000, meanMs: 0.1, share: 1)],
        Tables = [Table("products")],
        Indexes = [Index("products_pkey", "products") with { IsUnique = true, IsNeeded = true, Scans = 10_000 }],
        Database = new DatabaseUse(
            new DatabaseCounter(10_000, 0, 100_000, 10, 0, 0), Bytes: 1L << 30, TransactionAge: 1_000_000, FreezeAge: 200_000_000,
            IsVacuumed: true, MaxWalBytes: 1L << 30, CountedSince: At - TimeSpan.FromDays(30)),
        Sessions = new SessionCounts(Total: 20, Active: 2, Idle: 18, IdleInTransaction: 0, Max: 97, LargestUser: "shop", LargestUserCount: 20),
        LogPosition = 1_000,
    };

    public static ServerEvidence Replica { get; } = Server with
    {
        Name = "postgres-replica-1",
        IsReplica = true,
        IsInRecovery = true,
        Replay = new ReplayState(IsPaused: false, IsReceiving: true, Age: TimeSpan.FromMinutes(3), BytesBehind: 0),
    };

    public static RedisEvidence Redis { get; } = new()
    {
        Use = new RedisCounter(Hits: 9_000, Misses: 500, Expired: 100, Evicted: 0),
        Keys = 5_000,
        KeysBefore = 5_000,
        UsedBytes = 10 << 20,
        MaxBytes = 1L << 30,
        EvictionPolicy = "volatile-lru",
        Uptime = TimeSpan.FromDays(3),
        Sample = new KeySampleEvidence(500, "tb:{product:*}", 0.9, TimeSpan.FromMinutes(30), Ended: 10, CameBack: 4, NeverRead: 0.3),
    };

    public static FleetEvidence Fleet { get; } = new(3, new CacheUse(8_000, 1_500, 500, 0), Refused: 3, [new PoolUse("postgres-primary", 5, 90, 0)]);

    public static Evidence Healthy { get; } = new()
    {
        At = At,
        Window = TimeSpan.FromMinutes(5),
        Servers = [Server, Replica],
        Redis = Redis,
        Fleet = Fleet,
        Breakers = [new BreakerUse("postgres-primary", "closed", 0, 1, TimeSpan.FromDays(1), "3 probes succeeded")],
        HotKey = new HotKey("product 1", 5_000, 0.03),
        Advice = new IndexAdvice([], []),
    };

    public static StatementUse Statement(long id, string text, long calls, double meanMs, double share, double? before = null) =>
        new(id, text, new StatementCounter(calls, calls * meanMs, calls, 0, 0), share, before);

    public static TableUse Table(string name) => new()
    {
        Name = name,
        Use = new TableCounter(0, 0, 10_000, 10, 10, 0),
        PlannerRows = 100_000,
        LiveRows = 100_000,
        DeadRows = 100,
        ChangedRows = 500,
        WasAnalyzed = true,
        IsVacuumed = true,
    };

    public static IndexUse Index(string name, string table) => new()
    {
        Name = name,
        Table = table,
        Definition = $"CREATE INDEX {name} ON {table} USING btree (id)",
        Scans = 5_000,
        Bytes = 4 << 20,
        FreshBytes = 4 << 20,
        IsUnique = false,
        IsNeeded = false,
        IsValid = true,
        IsBuilding = false,
        Keys = ["id 1978 0 0"],
        Included = [],
        Kind = "btree",
    };

    public static Evidence WithPrimary(Func<ServerEvidence, ServerEvidence> change) => Healthy with { Servers = [change(Server), Replica] };

    public static Evidence WithReplica(Func<ServerEvidence, ServerEvidence> change) => Healthy with { Servers = [Server, change(Replica)] };

    public static Evidence WithRedis(Func<RedisEvidence, RedisEvidence> change) => Healthy with { Fleet = null, Redis = change(Redis) };
}
