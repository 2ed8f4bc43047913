using Microsoft.Extensions.Logging.Abstractions;
using TByte.Functions.LocalHost.Data;
using TByte.Functions.LocalHost.Data.Generated;
using TByte.Functions.Postgres;
using TByte.Functions.Testing.Postgres;

namespace TByte.Functions.LocalHost.Tests.Data;

public sealed class SeederTests(PostgresFixture postgres)
{
    private static readonly SeedOptions Options = new() { Generator = new() { Products = 200, Users = 300, Orders = 4_000 } };

    [Fact]
    public async Task Every_generated_row_arrives_unchanged()
    {
        var database = await MigratedAsync();
        var shop = new GeneratedShop(Options.Generator);

        var report = await SeedAsync(database, Options);

        Assert.Equal(SeedOutcome.Seeded, report.Outcome);
        Assert.Equal(
            [
                new("categories", 12),
                new("users", 300),
                new("products", 200),
                new("orders", 4_000),
                new("order_items", shop.OrderItems.Count()),
            ],
            report.Tables);
        Assert.Equal(
            shop.Products.Select(row => row.Price),
            await database.QueryAsync<decimal>("select price from products order by id"));
        Assert.Equal(
            shop.Users.Select(row => row.Email),
            await database.QueryAsync<string>("select email from users order by id"));
        Assert.Equal(
            shop.Orders.Select(row => row.UserId ?? 0),
            await database.QueryAsync<long>("select coalesce(user_id, 0) from orders order by id"));
        Assert.Equal(
            shop.Orders.Select(row => row.CreatedAt),
            await database.QueryAsync<DateTime>("select created_at from orders order by id"));
        Assert.Equal(
            shop.OrderItems.Select(row => row.ProductId),
            await database.QueryAsync<long>("select product_id from order_items order by order_id, line"));
        Assert.Equal([0L], await database.QueryAsync<long>(
            """
            select count(*) from orders o
            where total_amount <> (select sum(quantity * unit_price) from order_items where order_id = o.id)
            """));
    }

    [Fact]
    public async Task Constraints_and_sequences_are_as_if_the_rows_had_come_one_by_one()
    {
        const string Constraints =
            """
            select conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) || convalidated from pg_constraint
            where connamespace = 'public'::regnamespace and conrelid <> 0 and conrelid is distinct from to_regclass('local_seed')
            order by 1
            """;
        var database = await MigratedAsync();
        var before = await database.QueryAsync<string>(Constraints);

        await SeedAsync(database, Options);

        Assert.Equal(before, await database.QueryAsync<string>(Constraints));
        Assert.Equal([4_001L], await database.QueryAsync<long>(
            "insert into orders (total_amount) values (1) returning id"));
        Assert.Equal([201L], await database.QueryAsync<long>(
            "insert into products (sku, name, price, category_id) values ('NEW', 'New', 1, 1) returning id"));
        Assert.Equal([301L], await database.QueryAsync<long>(
            "insert into users (email, name) values ('new@example.com', 'New') returning id"));
    }

    [Fact]
    public async Task The_index_on_a_users_orders_answers_alone_from_the_first_query_on()
    {
        var database = await MigratedAsync();
        await SeedAsync(database, Options);

        var plan = await database.QueryAsync<string>(
            """
            explain (analyze, costs off, timing off, summary off, buffers off)
            select id, created_at, total_amount, status from orders where user_id = 5 order by created_at desc, id desc limit 20
            """);

        Assert.Contains(plan, line => line.Contains("Index Only Scan using orders_user_created", StringComparison.Ordinal));
        Assert.Contains(plan, line => line.Contains("Heap Fetches: 0", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_second_seeding_leaves_the_data_alone_and_says_what_is_there()
    {
        var database = await MigratedAsync();
        await SeedAsync(database, Options);
        await database.ExecuteAsync("delete from order_items");

        var same = await SeedAsync(database, Options);
        var other = await SeedAsync(database, Options with { Generator = Options.Generator with { Seed = 7 } });

        Assert.Equal(SeedOutcome.AlreadySeeded, same.Outcome);
        Assert.Equal(SeedOutcome.OtherDataPresent, other.Outcome);
        Assert.Contains("seed 1", other.Found, StringComparison.Ordinal);
        Assert.Contains("seed 7", other.Requested, StringComparison.Ordinal);
        Assert.Equal([0L], await database.QueryAsync<long>("select count(*) from order_items"));
    }

    [Fact]
    public async Task Data_of_unknown_origin_is_left_alone()
    {
        var database = await MigratedAsync();
        await database.ExecuteAsync("insert into categories (name) values ('Mine')");

        var report = await SeedAsync(database, Options);

        Assert.Equal(SeedOutcome.OtherDataPresent, report.Outcome);
        Assert.Null(report.Found);
        Assert.Equal([0L], await database.QueryAsync<long>("select count(*) from products"));
    }

    [Fact]
    public async Task Two_at_once_seed_once()
    {
        var database = await MigratedAsync();

        var reports = await Task.WhenAll(SeedAsync(database, Options), SeedAsync(database, Options));

        Assert.Equal([SeedOutcome.Seeded, SeedOutcome.AlreadySeeded], reports.Select(report => report.Outcome).Order());
        Assert.Equal([4_000L], await database.QueryAsync<long>("select count(*) from orders"));
    }

    [Fact]
    public async Task An_interrupted_seeding_leaves_nothing_and_can_be_repeated()
    {
        var database = await MigratedAsync();
        using var cancellation = new CancellationTokenSource();
        var interrupt = new Callback(report =>
        {
            if (report.Step == "orders")
                cancellation.Cancel();
        });

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => new Seeder().SeedAsync(database.ConnectionString, Options, interrupt, cancellation.Token));

        Assert.Equal([0L], await database.QueryAsync<long>("select count(*) from products"));
        Assert.Equal(SeedOutcome.Seeded, (await SeedAsync(database, Options)).Outcome);
    }

    [Fact]
    public async Task A_sales_file_is_seeded_with_its_account()
    {
        var database = await MigratedAsync();
        var file = Path.GetTempFileName();
        try
        {
            await using (var sample = typeof(SeederTests).Assembly.GetManifestResourceStream("sales-sample.csv")!)
            await using (var copy = File.Create(file))
                await sample.CopyToAsync(copy, TestContext.Current.CancellationToken);

            var report = await SeedAsync(database, new SeedOptions { SalesFile = file });

            Assert.Equal(5, report.Sales!.Imported);
            Assert.Contains("order_items", report.ToString(), StringComparison.Ordinal);
            Assert.Equal(["Café £20"], await database.QueryAsync<string>("select name from products where sku = 'DCGS0003'"));
            Assert.Equal(SeedOutcome.AlreadySeeded, (await SeedAsync(database, new SeedOptions { SalesFile = file })).Outcome);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task A_missing_file_and_a_missing_schema_are_named()
    {
        var database = await TestDatabase.CreateAsync(postgres);

        var file = await Assert.ThrowsAsync<SeedException>(() => SeedAsync(database, new SeedOptions { SalesFile = "no-such.csv" }));
        var schema = await Assert.ThrowsAsync<SeedException>(() => SeedAsync(database, Options));

        Assert.Contains("no-such.csv", file.Message, StringComparison.Ordinal);
        Assert.Contains("migrate", schema.Message, StringComparison.Ordinal);
    }

    private async Task<TestDatabase> MigratedAsync()
    {
        var database = await TestDatabase.CreateAsync(postgres);
        await DatabaseMigrator.MigrateAsync(database.ConnectionString, NullLogger.Instance, TestContext.Current.CancellationToken);
        return database;
    }

    private static Task<SeedReport> SeedAsync(TestDatabase database, SeedOptions options) =>
        new Seeder().SeedAsync(database.ConnectionString, options, progress: null, TestContext.Current.CancellationToken);

    private sealed class Callback(Action<SeedProgress> action) : IProgress<SeedProgress>
    {
        public void Report(SeedProgress value) => action(value);
    }
}
