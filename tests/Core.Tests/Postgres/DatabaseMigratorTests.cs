using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Testing;
using Npgsql;
using TByte.Functions.Postgres;
using TByte.Functions.Testing.Postgres;

namespace TByte.Functions.Core.Tests.Postgres;

public sealed class DatabaseMigratorTests(PostgresFixture postgres)
{
    private static readonly int Scripts = MigrationScripts.All().Count;

    [Fact]
    public async Task Instances_that_start_at_once_apply_each_script_once()
    {
        var database = await TestDatabase.CreateAsync(postgres);

        var applied = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => MigrateAsync(database)));

        Assert.Equal(Scripts, Assert.Single(applied, count => count > 0));
        var journal = await database.QueryAsync<string>("select scriptname from schema_migrations order by schemaversionsid");
        Assert.Equal(MigrationScripts.All().Select(script => script.Name), journal);
    }

    [Fact]
    public async Task A_second_run_changes_nothing_and_is_quick()
    {
        var database = await TestDatabase.CreateAsync(postgres);
        await MigrateAsync(database);

        var fastest = TimeSpan.MaxValue;
        for (var run = 0; run < 10; run++)
        {
            var started = Stopwatch.GetTimestamp();
            Assert.Equal(0, await MigrateAsync(database));
            fastest = TimeSpan.FromTicks(Math.Min(fastest.Ticks, Stopwatch.GetElapsedTime(started).Ticks));
        }

        Assert.InRange(fastest.TotalMilliseconds, 0, 200);
    }

    [Fact]
    public async Task A_failed_script_leaves_nothing_behind()
    {
        var database = await TestDatabase.CreateAsync(postgres);
        await database.ExecuteAsync("create table orders (id int)");

        var exception = await Assert.ThrowsAsync<DatabaseMigrationException>(() => MigrateAsync(database));

        Assert.Contains("0001_shop.sql", exception.Message, StringComparison.Ordinal);
        var tables = await database.QueryAsync<string>(
            "select relname::text from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace");
        Assert.DoesNotContain("users", tables);
        await database.ExecuteAsync("drop table orders");
        Assert.Equal(Scripts, await MigrateAsync(database));
    }

    [Fact]
    public async Task Waiting_for_another_instance_can_be_cancelled_and_ends_when_that_one_is_gone()
    {
        var database = await TestDatabase.CreateAsync(postgres);
        var other = await MigrationLock.TakeAsync(database.ConnectionString, NullLogger.Instance, TestContext.Current.CancellationToken);
        using var cancellation = new CancellationTokenSource();

        var cancelled = DatabaseMigrator.MigrateAsync(database.ConnectionString, NullLogger.Instance, cancellation.Token);
        var patient = MigrateAsync(database);
        await Task.Delay(300, TestContext.Current.CancellationToken);
        Assert.False(cancelled.IsCompleted || patient.IsCompleted);

        await cancellation.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => cancelled.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
        await other.DisposeAsync();
        Assert.Equal(Scripts, await patient.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_role_that_may_create_no_extension_can_migrate()
    {
        var database = await TestDatabase.CreateAsync(postgres);
        var role = $"plain_{Guid.NewGuid():N}";
        await database.ExecuteAsync($"create role {role} login password 'plain'; grant all on schema public to {role}");
        try
        {
            var connectionString = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Username = role, Password = "plain" };

            var applied = await DatabaseMigrator.MigrateAsync(
                connectionString.ConnectionString, NullLogger.Instance, TestContext.Current.CancellationToken);

            Assert.Equal(Scripts, applied);
            Assert.Equal(["plpgsql"], await database.QueryAsync<string>("select extname::text from pg_extension"));
        }
        finally
        {
            await database.ExecuteAsync($"drop owned by {role} cascade; drop role {role}");
        }
    }

    [Fact]
    public async Task The_password_is_not_logged()
    {
        var database = await TestDatabase.CreateAsync(postgres);
        var connectionString = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        var password = connectionString.Password ??= "correct-horse-battery";
        var logger = new FakeLogger();

        await DatabaseMigrator.MigrateAsync(connectionString.ConnectionString, logger, TestContext.Current.CancellationToken);

        var messages = logger.Collector.GetSnapshot().Select(record => record.Message).ToList();
        Assert.Contains(messages, message => message.Contains("0001_shop.sql", StringComparison.Ordinal));
        Assert.DoesNotContain(messages, message => message.Contains(password, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("insert into products (sku, name, price, category_id) values ('A', 'a', -0.01, 1)", PostgresErrorCodes.CheckViolation)]
    [InlineData("insert into products (sku, name, price, category_id) values ('TAKEN', 'a', 1, 1)", PostgresErrorCodes.UniqueViolation)]
    [InlineData("insert into products (sku, name, price, category_id) values ('A', 'a', 1, 99)", PostgresErrorCodes.ForeignKeyViolation)]
    [InlineData("insert into order_items values (1, 1, 1, 0, 1)", PostgresErrorCodes.CheckViolation)]
    [InlineData("insert into orders (status, total_amount) values ('lost', 1)", PostgresErrorCodes.CheckViolation)]
    [InlineData("insert into users (email, name) values ('Upper@example.com', 'u')", PostgresErrorCodes.CheckViolation)]
    [InlineData("insert into users (email, name) values ('taken@example.com', 'u')", PostgresErrorCodes.UniqueViolation)]
    public async Task Unsound_rows_are_refused(string insert, string sqlState)
    {
        var database = await MigratedShopAsync();

        var exception = await Assert.ThrowsAsync<PostgresException>(() => database.ExecuteAsync(insert));

        Assert.Equal(sqlState, exception.SqlState);
    }

    [Fact]
    public async Task The_address_of_an_inactive_user_is_free_again()
    {
        var database = await MigratedShopAsync();

        await database.ExecuteAsync("update users set active = false; insert into users (email, name) values ('taken@example.com', 'u')");

        Assert.Equal([2L], await database.QueryAsync<long>("select count(*) from users where email = 'taken@example.com'"));
    }

    [Fact]
    public async Task The_indexes_are_those_that_the_queries_need()
    {
        var database = await MigratedShopAsync();

        var indexes = await database.QueryAsync<string>(
            """
            select substring(pg_get_indexdef(indexrelid) from ' ON public.*') from pg_index join pg_class c on c.oid = indrelid
            where not indisprimary and relname in ('users', 'products', 'orders', 'order_items')
            """);

        Assert.Equal(
            [
                " ON public.orders USING brin (created_at) WITH (pages_per_range='16', autosummarize='on')",
                " ON public.orders USING btree (user_id, created_at DESC, id DESC) INCLUDE (total_amount, status)",
                " ON public.products USING btree (category_id, price, id) WHERE available",
                " ON public.products USING btree (price, id) WHERE available",
                " ON public.products USING btree (sku)",
                " ON public.users USING btree (email) WHERE active",
            ],
            indexes.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task An_invalidation_is_stamped_with_its_own_transaction()
    {
        var database = await MigratedShopAsync();

        var own = await database.QueryAsync<bool>(
            "insert into cache_invalidations (key, version) values ('product:1', 2) returning transaction_id = pg_current_xact_id()");

        Assert.Equal([true], own);
    }

    private async Task<TestDatabase> MigratedShopAsync()
    {
        var database = await TestDatabase.CreateAsync(postgres);
        await MigrateAsync(database);
        await database.ExecuteAsync(
            """
            insert into categories (name) values ('Garden');
            insert into users (email, name) values ('taken@example.com', 'Taken');
            insert into products (sku, name, price, category_id) values ('TAKEN', 'Lantern', 1, 1);
            insert into orders (total_amount) values (1)
            """);
        return database;
    }

    private static Task<int> MigrateAsync(TestDatabase database) =>
        DatabaseMigrator.MigrateAsync(database.ConnectionString, NullLogger.Instance, TestContext.Current.CancellationToken);
}
