using Npgsql;
using TByte.Functions.Testing;
using TByte.Functions.Testing.Postgres;

namespace TByte.Functions.LocalHost.Tests.Servers;

public class TestPostgresClusterTests
{
    private const string Price = "select price from products where id = 7";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_server_has_the_shop_and_replicas_only_read()
    {
        await using TestPostgresCluster cluster = await TestPostgresCluster.StartAsync(2, Cancellation);

        foreach (TestPostgresServer server in (TestPostgresServer[])[cluster.Primary, .. cluster.Replicas])
        {
            Assert.Equal(500L, await ScalarAsync(server, "select count(*) from products"));
            Assert.Equal(200L, await ScalarAsync(server, "select count(*) from users"));
            Assert.Equal(2_000L, await ScalarAsync(server, "select count(*) from orders"));
        }
        PostgresException refused = await Assert.ThrowsAsync<PostgresException>(() => SetPriceAsync(cluster.Replicas[1], 1));
        Assert.Equal(PostgresErrorCodes.ReadOnlySqlTransaction, refused.SqlState);
    }

    [Fact]
    public async Task A_delayed_replica_shows_the_old_row_until_the_delay_ends()
    {
        await using TestPostgresCluster cluster = await TestPostgresCluster.StartAsync(2, Cancellation);
        object? old = await ScalarAsync(cluster.Primary, Price);
        TestPostgresReplica prompt = cluster.Replicas[0], delayed = cluster.Replicas[1];

        await delayed.DelayAsync(TimeSpan.FromMinutes(10), Cancellation);
        await SetPriceAsync(cluster.Primary, 123);
        await cluster.CatchUpAsync(prompt, Cancellation);

        Assert.Equal(123m, await ScalarAsync(prompt, Price));
        Assert.Equal(old, await ScalarAsync(delayed, Price));

        await delayed.DelayAsync(TimeSpan.Zero, Cancellation);
        await cluster.CatchUpAsync(delayed, Cancellation);
        Assert.Equal(123m, await ScalarAsync(delayed, Price));
    }

    [Fact]
    public async Task A_paused_replica_shows_the_old_row_until_it_resumes()
    {
        await using TestPostgresCluster cluster = await TestPostgresCluster.StartAsync(1, Cancellation);
        object? old = await ScalarAsync(cluster.Primary, Price);
        TestPostgresReplica replica = cluster.Replicas[0];

        await replica.PauseReplayAsync(Cancellation);
        await SetPriceAsync(cluster.Primary, 123);
        Assert.Equal(old, await ScalarAsync(replica, Price));
        Assert.False(await replica.HasReplayedAsync(await cluster.Primary.LogPositionAsync(Cancellation), Cancellation));

        await replica.ResumeReplayAsync(Cancellation);
        await cluster.CatchUpAsync(replica, Cancellation);
        Assert.Equal(123m, await ScalarAsync(replica, Price));
    }

    [Fact]
    public async Task A_disconnected_replica_lacks_what_the_primary_writes_until_it_reconnects()
    {
        await using TestPostgresCluster cluster = await TestPostgresCluster.StartAsync(1, Cancellation);
        object? old = await ScalarAsync(cluster.Primary, Price);
        TestPostgresReplica replica = cluster.Replicas[0];

        await replica.DisconnectAsync(Cancellation);
        await SetPriceAsync(cluster.Primary, 123);
        await Task.Delay(300, Cancellation);
        Assert.Equal(old, await ScalarAsync(replica, Price));

        await replica.ReconnectAsync(Cancellation);
        await cluster.CatchUpAsync(replica, Cancellation);
        Assert.Equal(123m, await ScalarAsync(replica, Price));
    }

    [Fact]
    public async Task A_replica_that_hung_or_was_killed_catches_up()
    {
        await using TestPostgresCluster cluster = await TestPostgresCluster.StartAsync(2, Cancellation);
        TestPostgresReplica hung = cluster.Replicas[0], killed = cluster.Replicas[1];

        hung.Stop();
        await killed.KillAsync();
        await SetPriceAsync(cluster.Primary, 123);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => ScalarAsync(killed, Price));
        Task<object?> answer = ScalarAsync(hung, Price);
        await Task.Delay(300, Cancellation);
        Assert.False(answer.IsCompleted);

        hung.Continue();
        await answer;
        await killed.RestartAsync(Cancellation);
        foreach (TestPostgresReplica replica in cluster.Replicas)
        {
            await cluster.CatchUpAsync(replica, Cancellation);
            Assert.Equal(123m, await ScalarAsync(replica, Price));
        }
    }

    [Fact]
    public async Task Replicas_go_on_without_their_primary_and_follow_it_when_it_is_back()
    {
        await using TestPostgresCluster cluster = await TestPostgresCluster.StartAsync(1, Cancellation);

        await SetPriceAsync(cluster.Primary, 123);
        await cluster.Primary.KillAsync();
        await Eventually.HoldsAsync(
            async () => await ScalarAsync(cluster.Replicas[0], Price) is 123m, "what was committed before is on the replica", Cancellation);

        await cluster.Primary.RestartAsync(Cancellation);
        await SetPriceAsync(cluster.Primary, 124);
        await cluster.CatchUpAsync(cluster.Replicas[0], Cancellation);
        Assert.Equal(124m, await ScalarAsync(cluster.Replicas[0], Price));
    }

    private static Task<object?> SetPriceAsync(TestPostgresServer server, int price) =>
        ScalarAsync(server, $"update products set price = {price} where id = 7");

    private static async Task<object?> ScalarAsync(TestPostgresServer server, string query)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString + ";Pooling=false");
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(query, connection);
        return await command.ExecuteScalarAsync(CancellationToken.None);
    }
}
