using TByte.Functions.Testing.Postgres;
using TByte.Functions.Testing.Redis;

namespace TByte.Functions.Diagnosis.Tests.Collecting;

/// <summary>What cannot be asked is named, and costs a bounded time.</summary>
public sealed class OutageTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Hung_servers_are_named_and_the_others_are_diagnosed()
    {
        await using TestPostgresCluster cluster = await TestPostgresCluster.StartAsync(1, Token);
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        cluster.Replicas[0].Stop();
        redis.Stop();

        DiagnosisReport report = await DiagnoseAsync(new DiagnosisTarget(
            cluster.Primary.ConnectionString, [cluster.Replicas[0].ConnectionString], redis.Connection));
        cluster.Replicas[0].Continue();
        redis.Continue();

        Assert.Null(report.Servers[0].Problem);
        Assert.Equal("it does not answer", report.Servers[1].Problem);
        Assert.Contains(report.Findings, static finding => finding is { Rule: ServerRules.Away, Subject: "postgres-replica-1" });
        Assert.Contains(report.Findings, static finding => finding.Rule == CacheRules.RedisAway);
        Assert.Null(report.Cache);
    }

    [Fact]
    public async Task Without_any_server_there_is_still_a_report()
    {
        DiagnosisReport report = await DiagnoseAsync(new DiagnosisTarget("Host=127.0.0.1;Port=1;Username=nobody", [], "127.0.0.1:1"));

        Assert.Equal([ServerRules.Away, CacheRules.RedisAway], report.Findings.Select(static finding => finding.Rule).Order().Reverse());
        Assert.Equal(["everything of postgres-primary", "everything of Redis"], report.NotSeen.Select(static missed => missed.Subject));
    }

    [Fact]
    public async Task A_wrong_password_is_not_told()
    {
        DiagnosisReport report = await DiagnoseAsync(new DiagnosisTarget("Host=127.0.0.1;Port=1;Username=nobody;Password=hush", [], "127.0.0.1:1,password=hush"));

        Assert.DoesNotContain("hush", System.Text.Encoding.UTF8.GetString(Diagnosis.Reports.ReportJson.Write(report)), StringComparison.Ordinal);
    }

    private static async Task<DiagnosisReport> DiagnoseAsync(DiagnosisTarget target) =>
        (await new DiagnosisRun(target, TimeProvider.System).RunAsync(memory: null, TimeSpan.FromSeconds(1), Token)).Report;
}
