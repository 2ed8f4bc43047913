namespace TByte.Functions.Diagnosis.Tests.Rules;

/// <summary>How much a finding weighs, what it says to do, and which ones are left to their cause.</summary>
public sealed class RuleWeightTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Theory]
    [InlineData(0.02, false)]
    [InlineData(2.0, true)]
    [InlineData(null, true)]
    public void Only_who_holds_a_lock_for_long_is_to_be_ended(double? heldSeconds, bool isNamed)
    {
        Finding finding = Judge(SessionRules.LockContention, Queue(10, waitSeconds: 1.5, heldSeconds));

        Assert.Equal(isNamed, finding.Remedy.Sql.Contains("select pg_terminate_backend(99)"));
        Assert.Equal("products", finding.Subject);
    }

    [Theory]
    [InlineData(0.05, Severity.Medium)]
    [InlineData(1.0, Severity.High)]
    public void A_long_queue_that_moves_on_is_not_high(double waitSeconds, Severity severity) =>
        Assert.Equal(severity, Judge(SessionRules.LockContention, Queue(20, waitSeconds, heldSeconds: 0.02)).Severity);

    [Theory]
    [InlineData(5, Severity.Medium)]
    [InlineData(49, Severity.High)]
    public void Idle_transactions_that_take_half_of_the_connections_are_high(int count, Severity severity)
    {
        Finding finding = Judge(SessionRules.LongTransaction, Seen.WithPrimary(server => server with
        {
            Transactions = [.. Enumerable.Range(1, count).Select(static i => new OpenTransaction(i, "shop", "idle in transaction", Second * 20, "select 1", Role: "\"Shop\""))],
        }));

        Assert.Equal(severity, finding.Severity);
        Assert.StartsWith($"{count} transactions", finding.What, StringComparison.Ordinal);
        Assert.StartsWith("select pg_terminate_backend(pid) from pg_stat_activity where", finding.Remedy.Sql[0], StringComparison.Ordinal);
        Assert.Contains("alter role \"Shop\" set idle_in_transaction_session_timeout = '30s'", finding.Remedy.Sql);
    }

    [Fact]
    public void What_may_never_end_is_not_run_to_explain_it() =>
        Assert.Equal(["select pg_cancel_backend(7)", "explain select 1"], Judge(SessionRules.LongQuery, Seen.WithPrimary(server => server with
        {
            Transactions = [new OpenTransaction(7, "shop", "active", Second * 60, "select 1", Second * 60)],
        })).Remedy.Sql);

    [Fact]
    public void A_statement_that_waits_for_a_lock_is_no_long_one() =>
        Assert.DoesNotContain(RuleBook.Judge(Seen.WithPrimary(server => server with
        {
            Transactions = [new OpenTransaction(7, "shop", "active", Second * 60, "update products", Second * 60)],
            LockWaits = [new LockWait(7, Second * 60, "products", "update products", [99])],
        })), static finding => finding.Rule == SessionRules.LongQuery);

    [Theory]
    [InlineData(true, 0, Severity.Low)]
    [InlineData(true, 100, Severity.Medium)]
    [InlineData(false, 0, Severity.Medium)]
    public void A_table_that_grows_matters_once_it_is_read_or_nobody_looks_after_it(bool isVacuumed, long scans, Severity severity) =>
        Assert.Equal(severity, Judge(TableRules.StaleStatistics, Seen.WithPrimary(server => server with
        {
            Tables =
            [
                Seen.Table("history") with
                {
                    PlannerRows = 0, ChangedRows = 100_000, IsVacuumed = isVacuumed, Use = new TableCounter(0, 0, IndexScans: scans, 10, 0, 0),
                },
            ],
        })).Severity);

    [Fact]
    public void A_slow_statement_that_sorts_on_disk_is_named_once()
    {
        IReadOnlyList<Finding> findings = RuleBook.Judge(Seen.WithPrimary(server => server with
        {
            Statements = [Seen.Statement(1, "select $1", 5, 500, 0.9) with { Use = new StatementCounter(5, 2_500, 5, 0, 100_000) }],
        }));

        Assert.Equal((StatementRules.SortsOnDisk, Severity.Medium), (Assert.Single(findings).Rule, findings[0].Severity));
    }

    [Theory]
    [InlineData("select 1", "explain (analyze, buffers) select 1")]
    [InlineData("update products set price = 1", "explain update products set price = 1")]
    [InlineData("delete from products where id = $1", "-- with values in place of $1 and so on: explain delete from products where id = $1")]
    public void What_explains_a_statement_can_be_run_and_changes_nothing(string text, string sql) =>
        Assert.Equal([sql], Judge(
            StatementRules.SlowQuery, Seen.WithPrimary(server => server with { Statements = [Seen.Statement(1, text, 5, 500, 0.9)] })).Remedy.Sql);

    [Fact]
    public void What_a_full_Redis_refuses_is_not_blamed_on_the_keys()
    {
        IReadOnlyList<Finding> findings = RuleBook.Judge(Seen.WithRedis(redis => redis with
        {
            Use = new RedisCounter(1_000, 9_000, 0, 0),
            EvictionPolicy = "noeviction",
            MaxBytes = 100,
            UsedBytes = 100,
            Sample = new KeySampleEvidence(500, "blob:*", 1, TimeSpan.FromMinutes(30), 0, 0, NeverRead: 0.9),
        }));

        Assert.Equal(CapacityRules.Name, Assert.Single(findings, static finding => finding.Severity == Severity.High).Rule);
        Assert.Equal(Severity.Low, Assert.Single(findings, static finding => finding.Rule == CacheRules.KeysTooSpecific).Severity);
    }

    [Fact]
    public void Of_those_that_stand_in_for_an_index_the_same_one_is_named_and_that_it_is_unused_is_not_told_too()
    {
        IndexUse longer = Seen.Index("a", "products") with { Keys = ["id 1978 0 0", "name 1 0 0"] };
        IndexUse[] indexes = [longer, Seen.Index("b", "products"), Seen.Index("c", "products") with { Scans = 0 }];

        IReadOnlyList<Finding> findings = RuleBook.Judge(
            Seen.Healthy with { Servers = [Seen.Server with { Indexes = indexes }, Seen.Replica with { Indexes = indexes }] });

        Assert.Equal(Severity.Medium, Assert.Single(findings, static finding => finding.Subject == "c").Severity);
        Assert.Equal(Severity.Low, Assert.Single(findings, static finding => finding.Subject == "b").Severity);
    }

    private static Finding Judge(string rule, Evidence evidence) => Assert.Single(RuleBook.Judge(evidence), finding => finding.Rule == rule);

    private static Evidence Queue(int count, double waitSeconds, double? heldSeconds) => Seen.WithPrimary(server => server with
    {
        LockWaits = [.. Enumerable.Range(1, count).Select(i => new LockWait(i, Second * waitSeconds, "products", "update products", [99]))],
        LockBlockers = [new LockBlocker(99, "shop", "active", heldSeconds is { } held ? Second * held : null, "update products")],
    });
}
