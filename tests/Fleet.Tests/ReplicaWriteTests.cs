using TByte.Functions.Testing.Postgres;
using TByte.Functions.Testing.Redis;

namespace TByte.Functions.Fleet.Tests;

/// <summary>Writes while every replica is behind, by more than a read may ever be, but not by so much that it would not be used.</summary>
public sealed class ReplicaWriteTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("delayed", "well")]
    [InlineData("delayed", "killed")]
    [InlineData("delayed", "killed and restarted again and again")]
    [InlineData("paused", "well")]
    [InlineData("paused", "killed")]
    public async Task An_old_row_on_every_replica_is_never_answered_after_a_write(string replicas, string redisIs)
    {
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        await using ReplicatedFleet fleet = await ReplicatedFleet.StartAsync(
            3, redis.Connection, ("Postgres__MaxReplicaLag", "00:00:30"), ("Cache__ReplayInterval", "00:00:00.200"),
            ("Cache__MemoryLife", "00:00:00.050"), ("Cache__ProductLife", "00:00:00.200"));
        foreach (TestPostgresReplica replica in fleet.Cluster.Replicas)
        {
            if (replicas == "delayed")
                await replica.DelayAsync(TimeSpan.FromSeconds(5), Token);
            else
                await replica.PauseReplayAsync(Token);
        }
        if (redisIs == "killed")
            await redis.KillAsync();

        using CancellationTokenSource done = new();
        Task faults = redisIs == "killed and restarted again and again" ? KillAndRestartAsync(redis, done.Token) : Task.CompletedTask;
        await new WriteLoad(fleet.Api).RunAsync(updates: 200);
        await done.CancelAsync();
        await faults;

        // Replicas were used: otherwise this would show nothing.
        foreach (TestPostgresReplica replica in fleet.Cluster.Replicas)
            Assert.NotEmpty(await ReplicatedFleet.ProductsReadAsync(replica));
    }

    private static async Task KillAndRestartAsync(TestRedis redis, CancellationToken done)
    {
        while (!done.IsCancellationRequested)
        {
            await redis.KillAsync();
            await Task.Delay(700, CancellationToken.None);
            await redis.RestartAsync(CancellationToken.None);
            await Task.Delay(1_500, CancellationToken.None);
        }
    }
}
