using TByte.Functions.Diagnosis.Indexes;

namespace TByte.Functions.Diagnosis.Tests.Rules;

/// <summary>Each rule at its threshold: one step below it says nothing, at it it names the cause.</summary>
public sealed class RuleBookTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    public static TheoryData<string> Cases => [.. Thresholds().Select(static entry => entry.Name)];

    [Fact]
    public void A_healthy_shop_has_no_finding() => Assert.Empty(RuleBook.Judge(Seen.Healthy));

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_cause_is_named_from_its_threshold_on(string name)
    {
        (_, string rule, Evidence below, Evidence at) = Thresholds().Single(entry => entry.Name == name);

        Assert.DoesNotContain(RuleBook.Judge(below, 1L << 40), finding => finding.Rule == rule);
        Finding named = Assert.Single(RuleBook.Judge(at, 1L << 40), finding => finding.Rule == rule);

        Assert.NotEmpty(named.Evidence);
        Assert.InRange(named.Confidence, 0.01, 1);
        Assert.All([named.What, named.Effect, named.Remedy.Text, named.Verify], text => Assert.False(string.IsNullOrWhiteSpace(text)));
    }

    [Fact]
    public void A_table_that_was_filled_and_analysed_in_one_transaction_is_not_stale() =>
        Assert.Empty(RuleBook.Judge(WithTable(table => table with { ChangedRows = table.LiveRows })));

    /// <summary>How many rows a range of unknown bounds holds is a guess: it is told, but nobody is called and nothing created for it.</summary>
    [Fact]
    public void An_index_that_rests_on_a_guess_is_told_with_less_weight()
    {
        IndexProposal guess = Proposal() with { IsGuess = true };

        Finding told = Assert.Single(RuleBook.Judge(Seen.Healthy with { Advice = new IndexAdvice([guess], []) }));

        Assert.Equal(Severity.Medium, told.Severity);
        Assert.Equal(0.5, told.Confidence);
        Assert.False(MissingIndexRule.IsWorthCreating(guess));
        Assert.True(MissingIndexRule.IsWorthCreating(Proposal()));
    }

    /// <summary>A rule without a case here would be one that nobody knows to work.</summary>
    [Fact]
    public void Every_rule_has_a_case() => Assert.Empty(RuleNames.All.Except(Thresholds().Select(static entry => entry.Rule)));

    private static IEnumerable<(string Name, string Rule, Evidence Below, Evidence At)> Thresholds() =>
    [
        ("missing index", MissingIndexRule.Name, Seen.Healthy, Seen.Healthy with { Advice = new IndexAdvice([Proposal()], []) }),
        ("slow statement", StatementRules.SlowQuery, Slow(99), Slow(100)),
        ("few calls of a very slow statement", StatementRules.SlowQuery, SlowTwice(999), SlowTwice(1_000)),
        ("statement slower than before", StatementRules.SlowQuery, Slower(49), Slower(50)),
        ("sequential scans", StatementRules.SequentialScans, Scanned(19), Scanned(20)),
        ("sorts on disk", StatementRules.SortsOnDisk, Sorted(12_799), Sorted(12_800)),
        ("unused index", IndexRules.Unused, Unused(primary: 0, replica: 1), Unused(primary: 0, replica: 0)),
        ("duplicate index", IndexRules.Duplicate, Twice("category_id 1 0 0"), Twice("id 1978 0 0")),
        ("invalid index", IndexRules.Invalid, Invalid(isBuilding: true), Invalid(isBuilding: false)),
        ("bloated index", IndexRules.Bloated, Bloated(19), Bloated(20)),
        ("stale statistics", TableRules.StaleStatistics, Changed(20_499), Changed(20_500)),
        ("dead rows", TableRules.Bloat, Dead(24_999), Dead(25_000)),
        ("autovacuum", TableRules.AutovacuumOff, Seen.Healthy, Seen.WithPrimary(server => server with { Database = server.Database! with { IsVacuumed = false } })),
        ("idle transaction", SessionRules.LongTransaction, Open("idle in transaction", 14), Open("idle in transaction", 15)),
        ("active transaction", SessionRules.LongTransaction, Open("active", 299), Open("active", 300)),
        ("many idle transactions", SessionRules.LongTransaction, ManyOpen(9), ManyOpen(10)),
        ("long statement", SessionRules.LongQuery, Running(14), Running(15)),
        ("lock wait", SessionRules.LockContention, Waiting(1, 0.9), Waiting(1, 1)),
        ("many lock waits", SessionRules.LockContention, Waiting(2, 0.1), Waiting(3, 0.1)),
        ("deadlock", SessionRules.Deadlocks, Deadlocked(0), Deadlocked(1)),
        ("checkpoints", CheckpointRule.Name, Checkpointed(1), Checkpointed(2)),
        ("server away", ServerRules.Away, Seen.Healthy, Seen.WithReplica(_ => new ServerEvidence { Name = "postgres-replica-1", IsReplica = true, Problem = "gone" })),
        ("replica promoted", ServerRules.Away, Seen.Healthy, Seen.WithReplica(replica => replica with { IsInRecovery = false, Replay = null })),
        ("replica lag", ServerRules.ReplicaLag, Behind(4.9), Behind(5)),
        ("replica paused", ServerRules.ReplicaLag, Seen.Healthy, Seen.WithReplica(replica => replica with { Replay = replica.Replay! with { IsPaused = true } })),
        ("connections", ServerRules.Connections, Connected(77), Connected(78)),
        ("no connection", ServerRules.Connections, Seen.Healthy, Seen.WithPrimary(server => server with { Problem = "full", IsFull = true })),
        ("pool exhausted", FleetRules.PoolExhausted, Pool(max: 90, full: 0), Pool(max: 90, full: 1)),
        ("pool too large", FleetRules.PoolTooLarge, Pool(max: 97, full: 0), Pool(max: 98, full: 0)),
        ("breaker open", FleetRules.BreakerOpen, Breaker("closed", 0, 1), Breaker("open", 1, 1)),
        ("breaker flaps", FleetRules.Breaker, Breaker("closed", 8, 2), Breaker("closed", 9, 2)),
        ("breaker flapped", FleetRules.Breaker, Breaker("closed", 0, 2), Breaker("closed", 0, 3)),
        ("rate limits", FleetRules.RateLimits, Refused(99, 1_000), Refused(100, 1_000)),
        ("few of many refused", FleetRules.RateLimits, Refused(500, 10_000), Refused(600, 10_000)),
        ("hot key", FleetRules.HotKey, Hot(0.19), Hot(0.2)),
        ("redis away", CacheRules.RedisAway, Seen.Healthy, Seen.WithRedis(_ => new RedisEvidence { Problem = "gone" })),
        ("lives too short", CacheRules.TtlTooShort, Hits(8_000, Sample(100, 90, 0.1)), Hits(7_900, Sample(100, 30, 0.1))),
        ("keys too specific", CacheRules.KeysTooSpecific, Hits(8_000, Sample(0, 0, 0.9)), Hits(7_900, Sample(0, 0, 0.7))),
        ("redis full", CacheRules.TooSmall, Evicted(0), Evicted(1)),
        ("cache cold", CacheRules.Cold, Started(11), Started(9)),
        ("cache emptied", CacheRules.Cold, Left(2_401), Left(2_400)),
        ("hits low", CacheRules.NotEffective, Hits(8_000, Sample(0, 0, 0.1)), Hits(7_900, Sample(0, 0, 0.1))),
        ("ids", CapacityRules.Name, Ids(1_610_000_000), Ids(1_611_000_000)),
        ("transaction ids", CapacityRules.Name, Aged(530_000_000), Aged(540_000_000)),
        ("slot", CapacityRules.Name, Slot((1L << 30) - 1), Slot(1L << 30)),
        ("redis memory", CapacityRules.Name, Used(0.74), Used(0.76)),
        ("storage", CapacityRules.Name, Stored(0.74), Stored(0.76)),
        ("storage trend", CapacityRules.Name, Growing(bytesADay: 1L << 30), Growing(bytesADay: 1L << 35)),
    ];

    private static IndexProposal Proposal() => new(
        "orders", "orders_user_id_tbx", "using btree (user_id)", IndexProof.Cost,
        [new QueryGain(new WorkloadQuery(1, "select * from orders where user_id = $1", 100, 5_000), 1_000, 4)], 0.5, 1 << 20, 1, []);

    private static Evidence Slow(double meanMs) => Seen.WithPrimary(server => server with { Statements = [Seen.Statement(1, "select $1", 5, meanMs, 0.5)] });

    private static Evidence SlowTwice(double meanMs) => Seen.WithPrimary(server => server with { Statements = [Seen.Statement(1, "select $1", 2, meanMs, 0.5)] });

    private static Evidence Slower(double meanMs) =>
        Seen.WithPrimary(server => server with { Statements = [Seen.Statement(1, "select $1", 50, meanMs, 0.5, before: 10)] });

    private static Evidence Scanned(long scans) => WithTable(table => table with { Use = table.Use with { SequentialScans = scans, SequentialRows = scans * 100_000 } });

    private static Evidence Sorted(long blocks) => Seen.WithPrimary(server => server with
    {
        Statements = [Seen.Statement(1, "select $1", 5, 1, 0.1) with { Use = new StatementCounter(5, 5, 5, 0, blocks) }],
    });

    private static Evidence Unused(long primary, long replica)
    {
        IndexUse[] On(long scans) => [.. Seen.Server.Indexes!, Seen.Index("products_name", "products") with { Scans = scans, Keys = ["name 1 0 0"] }];
        return Seen.Healthy with { Servers = [Seen.Server with { Indexes = On(primary) }, Seen.Replica with { Indexes = On(replica) }] };
    }

    private static Evidence Twice(string key) =>
        WithIndexes(Seen.Index("a", "products"), Seen.Index("b", "products") with { Keys = [key] });

    private static Evidence Invalid(bool isBuilding) => WithIndexes(Seen.Index("a", "products") with { IsValid = false, IsBuilding = isBuilding });

    private static Evidence Bloated(long megabytes) => WithIndexes(Seen.Index("a", "products") with { Bytes = megabytes << 20, FreshBytes = 10 << 20 });

    private static Evidence Changed(long rows) => WithTable(table => table with { ChangedRows = rows });

    private static Evidence Dead(long rows) => WithTable(table => table with { DeadRows = rows });

    private static Evidence Open(string state, double seconds) =>
        Seen.WithPrimary(server => server with { Transactions = [new OpenTransaction(7, "shop", state, Second * seconds, "select 1")] });

    private static Evidence ManyOpen(int count) => Seen.WithPrimary(server => server with
    {
        Transactions = [.. Enumerable.Range(1, count).Select(static i => new OpenTransaction(i, "shop", "idle in transaction", Second * 5, "select 1"))],
    });

    private static Evidence Running(double seconds) => Seen.WithPrimary(server => server with
    {
        Transactions = [new OpenTransaction(7, "shop", "active", Second * seconds, "select 1", Second * seconds)],
    });

    private static Evidence Checkpointed(long count) =>
        Seen.WithPrimary(server => server with { Database = server.Database! with { Use = server.Database.Use with { Checkpoints = count } } });

    private static Evidence Waiting(int count, double seconds) => Seen.WithPrimary(server => server with
    {
        LockWaits = [.. Enumerable.Range(1, count).Select(i => new LockWait(i, Second * seconds, "products", "update products", [99]))],
        LockBlockers = [new LockBlocker(99, "migration", "idle in transaction", Second * 20, "update products")],
    });

    private static Evidence Deadlocked(long count) =>
        Seen.WithPrimary(server => server with { Database = server.Database! with { Use = server.Database.Use with { Deadlocks = count } } });

    private static Evidence Behind(double seconds) =>
        Seen.WithReplica(replica => replica with { Replay = new ReplayState(false, true, Second * seconds, 10) });

    private static Evidence Connected(int total) => Seen.WithPrimary(server => server with { Sessions = server.Sessions! with { Total = total } });

    private static Evidence Pool(int max, int full) =>
        Seen.Healthy with { Fleet = Seen.Fleet with { Pools = [new PoolUse("postgres-primary", 5, max, full)] } };

    private static Evidence Breaker(string state, long transitions, int streak) =>
        Seen.Healthy with { Breakers = [new BreakerUse("postgres-primary", state, transitions, streak, TimeSpan.FromMinutes(1), "5 of 9 calls failed")] };

    private static Evidence Refused(long refused, long answers) => Seen.Healthy with { Fleet = Seen.Fleet with { Refused = refused, Cache = new CacheUse(answers, 0, 0, 0) } };

    private static Evidence Hot(double share) => Seen.Healthy with { HotKey = new HotKey("product 1", 1_000, share) };

    private static Evidence Hits(long ofTenThousand, KeySampleEvidence sample) => Seen.WithRedis(redis => redis with
    {
        Use = new RedisCounter(ofTenThousand, 10_000 - ofTenThousand, Expired: 50, Evicted: 0),
        Sample = sample,
    });

    private static KeySampleEvidence Sample(int ended, int cameBack, double neverRead) =>
        new(500, "tb:{product:*}", 0.9, TimeSpan.FromMinutes(30), ended, cameBack, neverRead);

    private static Evidence Evicted(long count) => Seen.WithRedis(redis => redis with
    {
        Use = new RedisCounter(5_000, 5_000, 0, count),
        UsedBytes = 100,
        MaxBytes = 100,
    });

    // 5,000 before, of which 100 have run out.
    private static Evidence Left(long keys) => Seen.WithRedis(redis => redis with { Keys = keys });

    private static Evidence Started(double minutes) => Seen.WithRedis(redis => redis with
    {
        Use = new RedisCounter(5_000, 5_000, 0, 0),
        Uptime = TimeSpan.FromMinutes(minutes),
    });

    private static Evidence Ids(long used) => Seen.WithPrimary(server => server with { Ids = [new IdUse("orders_id_seq", used, int.MaxValue)] });

    private static Evidence Aged(long age) =>
        Seen.WithPrimary(server => server with { Database = server.Database! with { TransactionAge = age } });

    private static Evidence Slot(long bytes) => Seen.WithPrimary(server => server with { IdleSlots = [new IdleSlot("gone", bytes)] });

    private static Evidence Used(double share) => Seen.Healthy with
    {
        Redis = Seen.Redis with { EvictionPolicy = "noeviction", MaxBytes = 1_000_000, UsedBytes = (long)(share * 1_000_000) },
    };

    private static Evidence Stored(double share) =>
        Seen.WithPrimary(server => server with { Database = server.Database! with { Bytes = (long)(share * (1L << 40)) } });

    private static Evidence Growing(long bytesADay) => Seen.Healthy with
    {
        History = [.. Enumerable.Range(0, 48).Select(hour => new HistoryPoint(
            Seen.At - TimeSpan.FromHours(48 - hour), (1L << 38) + bytesADay * hour / 24, 20, 1, 0.9, 1, 0, 0))],
    };

    private static Evidence WithTable(Func<TableUse, TableUse> change) => Seen.WithPrimary(server => server with { Tables = [change(Seen.Table("products"))] });

    private static Evidence WithIndexes(params IndexUse[] indexes) =>
        Seen.Healthy with { Servers = [Seen.Server with { Indexes = indexes }, Seen.Replica with { Indexes = indexes }] };
}
