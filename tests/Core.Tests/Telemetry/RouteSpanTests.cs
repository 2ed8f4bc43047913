using System.Diagnostics;
using TByte.Functions.Core.Tests.Postgres;
using TByte.Functions.Postgres;
using TByte.Functions.Testing;
using TByte.Functions.Testing.Postgres;

namespace TByte.Functions.Core.Tests.Telemetry;

/// <summary>Spans of reads say which server was asked, and why that one.</summary>
public sealed class RouteSpanTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_attempt_says_why_it_went_where_it_went()
    {
        await using TestPostgresCluster cluster = await TestPostgresCluster.StartAsync(1, Token, ShopContents.Nothing);
        await using DatabaseInstance instance = await (await DatabaseInstance.StartAsync(
            cluster.Primary.ConnectionString, [cluster.Replicas[0].ConnectionString])).AllUpAsync();
        using RecordedTrace trace = new();

        await instance.ReadPortAsync();
        await instance.Database.ReadPrimaryAsync(0, DatabaseInstance.PortAsync, Token);
        await instance.Database.ReadAsync(ShopDatabase.Newest, 0, DatabaseInstance.PortAsync, Token);
        await instance.Database.WriteAsync(0, DatabaseInstance.PortAsync, Token);
        await cluster.Replicas[0].KillAsync();
        await Eventually.HoldsAsync(() => instance.StateOf(1) != "up", "the replica is not read any more", Token);
        await instance.ReadPortAsync();

        Assert.Equal(
            [
                "postgres-replica-1 replica first",
                "postgres-primary newest_rows first",
                "postgres-primary newest_rows first",
                "postgres-primary no_replica first",
            ],
            trace.Named("database attempt").Select(static span =>
                $"{span.GetTagItem("server.name")} {span.GetTagItem("route.reason")} {span.GetTagItem("attempt.kind")}"));
        Assert.Equal("postgres-primary", trace.Named("database write").Single().GetTagItem("server.name"));
        Assert.Equal(
            trace.Named("database read").Select(static read => read.SpanId), trace.Named("database attempt").Select(static attempt => attempt.ParentSpanId));
    }

    [Fact]
    public async Task An_attempt_that_fails_says_how_and_the_next_one_is_a_retry()
    {
        await using TestPostgresCluster cluster = await TestPostgresCluster.StartAsync(1, Token, ShopContents.Nothing);
        // Probed so seldom that a read finds out first.
        await using DatabaseInstance instance = await (await DatabaseInstance.StartAsync(
            cluster.Primary.ConnectionString, [cluster.Replicas[0].ConnectionString], ("Postgres:ProbeInterval", "00:00:10"))).AllUpAsync();
        await instance.ReadPortAsync();
        using RecordedTrace trace = new();

        await cluster.Replicas[0].KillAsync();
        Assert.Equal(cluster.Primary.Port, await instance.ReadPortAsync());

        Activity failed = trace.Named("database attempt")[0], retried = trace.Named("database attempt")[1];
        Assert.Equal(ActivityStatusCode.Error, failed.Status);
        Assert.StartsWith("Npgsql.", (string?)failed.GetTagItem("error.type"), StringComparison.Ordinal);
        Assert.Equal(("postgres-primary", "no_replica", "retry"), (retried.GetTagItem("server.name"), retried.GetTagItem("route.reason"), retried.GetTagItem("attempt.kind")));
        Assert.Equal(ActivityStatusCode.Unset, trace.Named("database read").Single().Status);
    }
}
