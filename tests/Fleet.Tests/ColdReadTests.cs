using Npgsql;
using TByte.Functions.Testing.Postgres;
using TByte.Functions.Testing.Redis;

namespace TByte.Functions.Fleet.Tests;

/// <summary>A thousand readers of one cold product, on three instances; the queries are counted by PostgreSQL itself.</summary>
public sealed class ColdReadTests(PostgresFixture postgres)
{
    private const int Instances = 3;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_redis_is_well_the_database_sees_one_query()
    {
        string database = await postgres.CreateDatabaseAsync();
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        await using ApiFleet fleet = await ApiFleet.StartAsync(Instances, database, redis.Connection, ApiFleet.Patient);

        await ReadAThousandTimesAsync(fleet, 7);

        Assert.Equal(1, await ProductQueriesAsync(database));
    }

    [Fact]
    public async Task Without_redis_the_database_sees_one_query_an_instance()
    {
        string database = await postgres.CreateDatabaseAsync();
        await using ApiFleet fleet = await ApiFleet.StartAsync(Instances, database, redis: "");

        await ReadAThousandTimesAsync(fleet, 7);

        Assert.InRange(await ProductQueriesAsync(database), 1, Instances);
    }

    [Fact]
    public async Task While_redis_hangs_the_database_sees_one_query_an_instance()
    {
        string database = await postgres.CreateDatabaseAsync();
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        await using ApiFleet fleet = await ApiFleet.StartAsync(Instances, database, redis.Connection);

        redis.Stop();
        await ReadAThousandTimesAsync(fleet, 7);
        redis.Continue();

        Assert.InRange(await ProductQueriesAsync(database), 1, Instances);
    }

    [Fact]
    public async Task Reading_without_pause_over_five_memory_lives_costs_one_query()
    {
        string database = await postgres.CreateDatabaseAsync();
        TimeSpan memoryLife = TimeSpan.FromMilliseconds(500);
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        await using ApiFleet fleet = await ApiFleet.StartAsync(
            Instances, database, redis.Connection, ApiFleet.Patient, ("Cache__MemoryLife", memoryLife));
        using CancellationTokenSource end = new(5 * memoryLife);
        int refills = 0;

        await Task.WhenAll(Enumerable.Range(0, Instances).Select(async instance =>
        {
            while (!end.IsCancellationRequested)
            {
                if ((await fleet.GetProductAsync(instance, 7)).CacheStatus.StartsWith("tbyte-l2; hit", StringComparison.Ordinal))
                    Interlocked.Increment(ref refills);
            }
        }));

        Assert.Equal(1, await ProductQueriesAsync(database));
        Assert.True(refills >= Instances, $"memory was refilled {refills} times");
    }

    private static async Task ReadAThousandTimesAsync(ApiFleet fleet, long product)
    {
        ProductAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 1_000).Select(i => fleet.GetProductAsync(i % Instances, product)));
        Assert.All(answers, answer => Assert.Equal((200, 1L), (answer.Status, answer.Version)));
    }

    private static async Task<long> ProductQueriesAsync(string database)
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(database);
        await using NpgsqlCommand count = source.CreateCommand(
            """
            select coalesce(sum(calls), 0)::bigint from pg_stat_statements
            where dbid = (select oid from pg_database where datname = current_database()) and query like '%from products where id = $1'
            """);
        return (long)(await count.ExecuteScalarAsync(Token))!;
    }
}
