using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using TByte.Functions.Caching;
using TByte.Functions.Testing;
using TByte.Functions.Testing.Postgres;
using TByte.Functions.Testing.Redis;

namespace TByte.Functions.Core.Tests.Caching;

/// <summary>Writes that were committed and never pushed, as a writer leaves them that is killed between the two.</summary>
public sealed class InvalidationReplayTests(PostgresFixture postgres)
{
    private static readonly CachePolicy Rows = new("row", TimeSpan.FromHours(1), IsVersioned: true);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_write_that_nobody_pushed_leaves_no_old_row_in_any_level()
    {
        string database = await postgres.CreateDatabaseAsync(ShopContents.Schema);
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        await using CacheInstance one = await CacheInstance.StartAsync(database, redis.Connection);
        await using CacheInstance other = await CacheInstance.StartAsync(database, redis.Connection);
        TestRow row = new();
        await ReadAsync(one, row);
        await ReadAsync(other, row);

        row.Version = 2;
        await CommitAsync(database, row);

        foreach (CacheInstance instance in new[] { one, other })
        {
            await Eventually.HoldsAsync(
                async () => (await ReadAsync(instance, row)).Representation!.Version == 2, "the new row", Token);
        }
    }

    [Fact]
    public async Task What_was_written_while_redis_hung_is_replayed_when_it_is_back()
    {
        string database = await postgres.CreateDatabaseAsync(ShopContents.Schema);
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        await using CacheInstance writer = await CacheInstance.StartAsync(database, redis.Connection);
        TestRow row = new();
        await ReadAsync(writer, row);

        redis.Stop();
        row.Version = 2;
        await CommitAsync(database, row);
        redis.Continue();

        // An instance that comes up now has nothing but what lies in Redis.
        await using CacheInstance late = await CacheInstance.StartAsync(database, redis.Connection);
        Assert.Equal(2, (await ReadAsync(late, row)).Representation!.Version);
    }

    [Fact]
    public async Task A_transaction_that_commits_late_is_not_missed()
    {
        string database = await postgres.CreateDatabaseAsync(ShopContents.Schema);
        await using CacheInstance instance = await CacheInstance.StartAsync(database, "");
        InvalidationReplay replay = instance.Services.GetRequiredService<InvalidationReplay>();
        TestRow early = new(), late = new();
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(database);
        await using NpgsqlConnection open = await source.OpenConnectionAsync(Token);
        await using NpgsqlTransaction slow = await open.BeginTransactionAsync(Token);

        // The slow one takes its transaction id and its row id first and commits last.
        await InsertAsync(open, late);
        await CommitAsync(database, early);
        await replay.ReplayAsync(Token);
        Assert.Equal(0, Minimum(instance, late));
        await slow.CommitAsync(Token);
        await replay.ReplayAsync(Token);

        Assert.Equal(early.Version, Minimum(instance, early));
        Assert.Equal(late.Version, Minimum(instance, late));
    }

    [Fact]
    public async Task More_than_a_page_is_replayed_whole()
    {
        string database = await postgres.CreateDatabaseAsync(ShopContents.Schema);
        await using (NpgsqlDataSource source = NpgsqlDataSource.Create(database))
        {
            await using NpgsqlCommand insert = source.CreateCommand(
                "insert into cache_invalidations (key, version) select 'row:page-' || i, i from generate_series(1, 12000) i");
            await insert.ExecuteNonQueryAsync(Token);
        }

        await using CacheInstance instance = await CacheInstance.StartAsync(database, "");
        VersionFence fence = instance.Services.GetRequiredService<VersionFence>();

        Assert.Equal(1, fence.Minimum("row:page-1"));
        Assert.Equal(12_000, fence.Minimum("row:page-12000"));
    }

    [Fact]
    public async Task A_position_from_before_the_server_was_restored_counts_as_none()
    {
        string database = await postgres.CreateDatabaseAsync(ShopContents.Schema);
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        await using (StackExchange.Redis.ConnectionMultiplexer client = await StackExchange.Redis.ConnectionMultiplexer.ConnectAsync(redis.Connection))
            await client.GetDatabase().StringSetAsync("tb:{invalidations}:position", 1L << 52);
        TestRow row = new();
        await CommitAsync(database, row);

        await using CacheInstance instance = await CacheInstance.StartAsync(database, redis.Connection);

        await Eventually.HoldsAsync(() => Minimum(instance, row) == row.Version, "the write is replayed", Token);
    }

    [Fact]
    public async Task Old_invalidations_are_deleted_and_young_ones_kept()
    {
        string database = await postgres.CreateDatabaseAsync(ShopContents.Schema);
        await using CacheInstance instance = await CacheInstance.StartAsync(database, "");
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(database);
        await using NpgsqlCommand insert = source.CreateCommand(
            "insert into cache_invalidations (key, version, created_at) values ('row:old', 1, now() - interval '26 hours'), ('row:young', 1, now() - interval '24 hours')");
        await insert.ExecuteNonQueryAsync(Token);

        await instance.Services.GetRequiredService<InvalidationLog>().PruneAsync(Token);

        await using NpgsqlCommand left = source.CreateCommand("select string_agg(key, ',') from cache_invalidations");
        Assert.Equal("row:young", await left.ExecuteScalarAsync(Token));
    }

    private static long Minimum(CacheInstance instance, TestRow row) =>
        instance.Services.GetRequiredService<VersionFence>().Minimum(Rows.Key(row.Id).Name);

    private static async Task CommitAsync(string database, TestRow row)
    {
        await using NpgsqlDataSource source = NpgsqlDataSource.Create(database);
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(Token);
        await InsertAsync(connection, row);
    }

    private static async Task InsertAsync(NpgsqlConnection connection, TestRow row)
    {
        await using NpgsqlCommand insert = new("insert into cache_invalidations (key, version) values ($1, $2)", connection)
        {
            Parameters = { new() { Value = Rows.Key(row.Id).Name }, new() { Value = row.Version } },
        };
        await insert.ExecuteNonQueryAsync(Token);
    }

    private static ValueTask<CacheAnswer> ReadAsync(CacheInstance instance, TestRow row) =>
        instance.Cache.GetAsync(Rows, row.Id, row, static (row, _) => row.LoadAsync(), Token);
}
