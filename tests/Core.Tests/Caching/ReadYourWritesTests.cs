using System.Collections.Concurrent;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using NpgsqlTypes;
using StackExchange.Redis;
using TByte.Functions.Caching;
using TByte.Functions.Postgres;
using TByte.Functions.Products;
using TByte.Functions.Testing;
using TByte.Functions.Testing.Postgres;
using TByte.Functions.Testing.Redis;

namespace TByte.Functions.Core.Tests.Caching;

/// <summary>A replica that stands still and is not known to lag yet: what was written is read from the primary.</summary>
public sealed class ReadYourWritesTests(RedisFixture redis)
{
    private static readonly CachePolicy Rows = new("row", TimeSpan.FromMilliseconds(10), IsVersioned: true);
    private static readonly NpgsqlLogSequenceNumber Position = new(4_711);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Another_instance_reads_what_was_written_though_its_replica_does_not_have_it()
    {
        await using TestPostgresCluster cluster = await TestPostgresCluster.StartAsync(1, Token);
        await using TestRedis server = await TestRedis.StartAsync(Token);
        await using CacheInstance writer = await StartAsync(cluster, server.Connection);
        await using CacheInstance reader = await StartAsync(cluster, server.Connection);
        await cluster.Replicas[0].PauseReplayAsync(Token);

        ProductUpdate update = await writer.Services.GetRequiredService<ProductCatalog>().UpdateAsync(7, new ProductChange("New", 1), null);
        await ForgetEntryAsync(server.Connection, "product:7");
        Representation read = await GetAsync(reader, 7);

        Assert.Equal(update.Written!.ETag, read.ETag);
        Assert.Equal(update.Written.Version - 1, await VersionOnAsync(cluster.Replicas[0], 7));
    }

    [Fact]
    public async Task Without_redis_the_writer_reads_its_own_write()
    {
        await using TestPostgresCluster cluster = await TestPostgresCluster.StartAsync(1, Token);
        await using CacheInstance instance = await StartAsync(cluster, redis: "", ("Cache:ProductLife", "00:00:00.010"));
        await cluster.Replicas[0].PauseReplayAsync(Token);

        ProductUpdate update = await instance.Services.GetRequiredService<ProductCatalog>().UpdateAsync(7, new ProductChange("New", 1), null);

        for (int i = 0; i < 10; i++)
        {
            await Task.Delay(20, Token);
            Assert.Equal(update.Written!.ETag, (await GetAsync(instance, 7)).ETag);
        }
        Assert.Equal(update.Written!.Version - 1, await VersionOnAsync(cluster.Replicas[0], 7));
    }

    /// <summary>As a writer leaves it that was killed after its commit.</summary>
    [Fact]
    public async Task A_replayed_write_is_read_from_the_primary()
    {
        await using TestPostgresCluster cluster = await TestPostgresCluster.StartAsync(1, Token);
        await using CacheInstance instance = await StartAsync(cluster, redis: "");
        long before = (await GetAsync(instance, 7)).Version;
        await cluster.Replicas[0].PauseReplayAsync(Token);

        await ExecuteAsync(
            cluster.Primary,
            """
            with written as (update products set version = version + 1 where id = 7 returning id, version)
            insert into cache_invalidations (key, version) select 'product:' || id, version from written
            """);

        await Eventually.HoldsAsync(async () => (await GetAsync(instance, 7)).Version == before + 1, "the new row", Token);
        NpgsqlLogSequenceNumber remembered = instance.Services.GetRequiredService<WritePositions>().Of("product:7");
        Assert.True(remembered <= await cluster.Primary.LogPositionAsync(Token));
        Assert.False(await cluster.Replicas[0].HasReplayedAsync(remembered, Token));
    }

    [Fact]
    public async Task A_load_is_told_what_the_writer_the_push_and_redis_know()
    {
        await using TestPostgresCluster cluster = await TestPostgresCluster.StartAsync(0, Token, ShopContents.Schema);
        string server = (await redis.StartedAsync()).Connection;
        await using CacheInstance writer = await StartAsync(cluster, server), reader = await StartAsync(cluster, server);
        TestRow row = new();
        ConcurrentQueue<NpgsqlLogSequenceNumber> asked = [];
        await GetAsync(reader);

        await writer.Cache.WrittenAsync(Rows, row.Id, TestRow.At(row.Version), Position);
        await GetAsync(writer);
        await Eventually.HoldsAsync(
            () => reader.Services.GetRequiredService<WritePositions>().Of(Rows.Key(row.Id).Name) == Position, "the push has come", Token);
        // One that has come up later has heard of nothing; Redis tells it.
        await using CacheInstance late = await StartAsync(cluster, server);
        Assert.Equal(NpgsqlLogSequenceNumber.Invalid, late.Services.GetRequiredService<WritePositions>().Of(Rows.Key(row.Id).Name));
        await GetAsync(late);

        Assert.Equal([NpgsqlLogSequenceNumber.Invalid, Position, Position], asked);

        async Task GetAsync(CacheInstance instance)
        {
            // Past its life, so that it is loaded.
            await Task.Delay(30, Token);
            await instance.Cache.GetAsync(Rows, row.Id, row, (row, atLeast) =>
            {
                asked.Enqueue(atLeast);
                return row.LoadAsync();
            }, Token);
        }
    }

    /// <summary>The position was forgotten, the version was not.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_load_that_came_home_too_old_is_repeated_on_the_primary(bool withRedis)
    {
        await using TestPostgresCluster cluster = await TestPostgresCluster.StartAsync(0, Token, ShopContents.Schema);
        await using CacheInstance instance = await StartAsync(cluster, withRedis ? (await redis.StartedAsync()).Connection : "");
        TestRow row = new();
        List<NpgsqlLogSequenceNumber> asked = [];
        instance.Memory.Invalidate(Rows.Key(row.Id).Name, 2);

        CacheAnswer answer = await instance.Cache.GetAsync(Rows, row.Id, row, (row, atLeast) =>
        {
            asked.Add(atLeast);
            row.Version = atLeast == ShopDatabase.Newest ? 2 : 1;
            return row.LoadAsync();
        }, Token);

        Assert.Equal(2, answer.Representation!.Version);
        Assert.Equal([NpgsqlLogSequenceNumber.Invalid, ShopDatabase.Newest], asked);
    }

    private static Task<CacheInstance> StartAsync(TestPostgresCluster cluster, string redis, params (string, object)[] settings) =>
        CacheInstance.StartAsync(
            cluster.Primary.ConnectionString,
            redis,
            services => services.AddProducts(),
            [
                .. cluster.Replicas.Select((replica, i) => ($"Postgres:Replicas:{i}", (object)replica.ConnectionString)),
                // Long enough for the test: the replica is usable for all that need not be new.
                ("Postgres:MaxReplicaLag", "00:00:30"),
                ("Postgres:ProbeTimeout", "00:00:10"),
                .. settings,
            ]);

    private static async Task<Representation> GetAsync(CacheInstance instance, long product) =>
        (await instance.Services.GetRequiredService<ProductCatalog>().GetAsync(product, Token)).Representation!;

    private static async Task ForgetEntryAsync(string server, string name)
    {
        await using ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(server);
        await connection.GetDatabase().KeyDeleteAsync(CacheKey.EntryOf(name));
    }

    private static async Task<long> VersionOnAsync(TestPostgresServer server, long product) =>
        (long)(await ExecuteAsync(server, $"select version from products where id = {product}"))!;

    private static async Task<object?> ExecuteAsync(TestPostgresServer server, string statement)
    {
        await using NpgsqlConnection connection = new(server.ConnectionString + ";Pooling=false");
        await connection.OpenAsync(Token);
        await using NpgsqlCommand command = new(statement, connection);
        return await command.ExecuteScalarAsync(Token);
    }
}
