using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;
using TByte.Functions.Caching;
using TByte.Functions.Orders;
using TByte.Functions.Postgres;
using TByte.Functions.Products;
using TByte.Functions.Reports;
using TByte.Functions.Users;
using TByte.Functions.Views;
using TByte.Functions.Warming;

namespace TByte.Functions.Diagnosis.Tests.Indexes;

/// <summary>Lets the shop's own code run its own statements, in the proportions of a shop.</summary>
internal static class ShopCalls
{
    public static async Task RunAsync(string database, CancellationToken cancellationToken)
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Postgres:Primary"] = database,
            ["Postgres:MinPoolSize"] = "0",
            ["Postgres:ReadBudget"] = "00:00:20",
            ["Postgres:WriteBudget"] = "00:00:20",
            ["Postgres:StatementTimeout"] = "00:00:20",
            ["Postgres:ProbeTimeout"] = "00:00:10",
        }).Build();
        await using ServiceProvider services = new ServiceCollection()
            .AddSingleton(configuration).AddLogging().AddShopDatabase().BuildServiceProvider();
        foreach (IHostedService service in services.GetServices<IHostedService>())
            await service.StartAsync(cancellationToken);

        ShopDatabase shop = services.GetRequiredService<ShopDatabase>();
        await ReadAsync(shop, cancellationToken);
        await WriteAsync(shop);
        foreach (IHostedService service in services.GetServices<IHostedService>().Reverse())
            await service.StopAsync(cancellationToken);
        await ReportAsync(database, cancellationToken);
    }

    private static async Task ReadAsync(ShopDatabase shop, CancellationToken cancellationToken)
    {
        var products = new ProductStore(shop);
        var orders = new OrderStore(shop);
        var users = new UserDirectory(shop);
        var ranking = new ProductRanking(shop, new ViewOptions());
        for (int i = 1; i <= 60; i++)
        {
            await products.FindAsync(i);
            await orders.FindAsync(i);
            Assert.NotNull(await users.FindByEmailAsync($"User{(i * 20) + 1}@example.com", cancellationToken));
            var first = await orders.FindPageAsync(i, new OrderPageQuery());
            if (i % 3 == 0 && first is [.., var last])
                await orders.FindPageAsync(i, new OrderPageQuery { After = new OrderCursor(last.CreatedAt, last.Id) });
            for (int category = 1; category <= 40; category += 13)
                await products.FindPageAsync(new ProductPageQuery { Category = category });
            List<Product> page = await products.FindPageAsync(new ProductPageQuery { Category = 1 + (i % 40) });
            if (i % 3 == 0)
                await products.FindPageAsync(new ProductPageQuery { Category = 1 + (i % 40), After = new ProductCursor(page[^1].Price, page[^1].Id) });
            if (i % 2 == 0)
                await products.FindPageAsync(new ProductPageQuery { MinPrice = i });
        }
        await orders.FindFirstPagesAsync([1, 2, 3], 20, cancellationToken);
        await orders.FindRecentUsersAsync(TimeSpan.FromHours(1), 100, cancellationToken);
        await ranking.RecentAsync(100, cancellationToken);
        await ranking.AllTimeAsync(100, 0, cancellationToken);
    }

    private static async Task WriteAsync(ShopDatabase shop)
    {
        var products = new ProductStore(shop);
        var views = new ViewLedger(shop, new ViewOptions());
        long hour = DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 3_600;
        for (int i = 1; i <= 5; i++)
        {
            await products.UpdateAsync(i, new ProductChange($"Product {i}", i), null);
            ViewBatch batch = new("test", i, hour, [.. Enumerable.Range(1, 50).Select(id => new ProductViews(id, 1))]);
            await views.CountAsync([batch], DateTimeOffset.UtcNow);
        }
        await new InvalidationLog(shop).ReadAsync(LogPosition.From(0), CancellationToken.None);
    }

    // Reports stand behind a gate that needs Redis: their statement is taken from the code.
    private static async Task ReportAsync(string database, CancellationToken cancellationToken)
    {
        string sql = (string)typeof(SalesReports).GetField("CategorySalesSql", BindingFlags.NonPublic | BindingFlags.Static)!.GetRawConstantValue()!;
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(cancellationToken);
        await using NpgsqlCommand report = new(sql, connection)
        {
            Parameters = { new() { Value = DateTime.UtcNow.AddDays(-7) }, new() { Value = DateTime.UtcNow } },
        };
        await report.ExecuteNonQueryAsync(cancellationToken);
    }
}
