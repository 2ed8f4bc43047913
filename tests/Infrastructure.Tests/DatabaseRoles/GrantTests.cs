using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using TByte.Functions.Caching;
using TByte.Functions.Diagnosis;
using TByte.Functions.LocalHost.Deploying;
using TByte.Functions.LocalHost.Hosting;
using TByte.Functions.Testing;
using TByte.Functions.Views;

namespace TByte.Functions.Infrastructure.Tests.DatabaseRoles;

/// <summary>Each app runs with the rights of its role, and has no others.</summary>
public sealed class GrantTests(GrantedShop shop) : IClassFixture<GrantedShop>
{
    private static readonly string[] Reads =
    [
        "api/v1/products/1", "api/v1/products?limit=5", "api/v1/orders/1", "api/v1/users/1/orders",
        "api/v1/reports/category-sales?from=2020-01-01&to=2020-02-01", "api/health/ready",
    ];

    private static AuthenticationHeaderValue Token { get; } =
        new("Bearer", TestToken.WithRoles(TestToken.OrdersRead, TestToken.CatalogWrite, TestToken.ReportsRead));

    [Fact]
    public async Task The_api_reads_everything_and_changes_products()
    {
        await using LocalFunctionApp app = await shop.StartAsync(FunctionApps.Api, "shop-api");
        using HttpClient client = new() { BaseAddress = app.Address, DefaultRequestHeaders = { Authorization = Token } };

        foreach (string path in Reads)
        {
            using HttpResponseMessage answer = await client.GetAsync(path, TestContext.Current.CancellationToken);
            Assert.Equal((path, HttpStatusCode.OK), (path, answer.StatusCode));
        }

        using HttpResponseMessage written =
            await client.PutAsJsonAsync("api/v1/products/1", new { name = "Lamp", price = 1.5 }, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, written.StatusCode);
        await app.Services.GetRequiredService<InvalidationLog>().PruneAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Warmup_warms_and_counts_views()
    {
        await using LocalFunctionApp app = await shop.StartAsync(FunctionApps.Warmup, "shop-warmup");
        using HttpClient client = new() { BaseAddress = app.Address };
        DateTimeOffset now = TimeProvider.System.GetUtcNow();
        ViewBatch batch = new("a", 1, ViewLedger.HourOf(now), [new(1, 2)]);

        Assert.Equal(2, await app.Services.GetRequiredService<ViewLedger>().CountAsync([batch], now));
        await app.Services.GetRequiredService<InvalidationLog>().PruneAsync(TestContext.Current.CancellationToken);
        foreach (string timer in FunctionCatalog.Discover(FunctionApps.Warmup).Select(static function => function.Name))
        {
            using HttpResponseMessage accepted = await client.PostAsJsonAsync($"admin/functions/{timer}", new { input = "" }, TestContext.Current.CancellationToken);
            await Eventually.HoldsAsync(() => ReportOf(timer) is not null, $"{timer} has reported", TestContext.Current.CancellationToken);
            string report = ReportOf(timer)!;
            Assert.DoesNotContain("ended early", report, StringComparison.Ordinal);
            Assert.DoesNotMatch("[1-9][0-9]* failed", report);
        }
    }

    [Fact]
    public async Task Maintenance_sees_everything()
    {
        DiagnosisRun run = new(new DiagnosisTarget(shop.As("shop-maintenance"), [], Redis: null), TimeProvider.System);

        DiagnosisResult result = await run.RunAsync(memory: null, TimeSpan.Zero, TestContext.Current.CancellationToken);

        Assert.DoesNotContain(result.Report.NotSeen, static missed => missed.Grant is not null);
    }

    [Theory]
    [InlineData("shop-api", "update orders set status = 'paid'")]
    [InlineData("shop-api", "update products set view_count = 0")]
    [InlineData("shop-api", "delete from products")]
    [InlineData("shop-api", "insert into users (email, name) values ('a@example.com', 'a')")]
    [InlineData("shop-api", "create table mine (id int)")]
    [InlineData("shop-api", "alter table products add column mine int")]
    [InlineData("shop-warmup", "update products set price = 0")]
    [InlineData("shop-warmup", "insert into cache_invalidations (key, version) values ('product:1', 1)")]
    [InlineData("shop-maintenance", "update products set view_count = 0")]
    [InlineData("shop-maintenance", "delete from cache_invalidations")]
    [InlineData("shop-maintenance", "create index mine on products (name)")]
    public async Task Nothing_else_is_allowed(string role, string statement)
    {
        PostgresException refusal = await Assert.ThrowsAsync<PostgresException>(() => GrantedShop.ExecuteAsync(shop.As(role), statement));

        Assert.Equal(PostgresErrorCodes.InsufficientPrivilege, refusal.SqlState);
    }

    [Fact]
    public async Task Is_granted_again_and_takes_back_what_is_too_much()
    {
        await shop.ExecuteAsync("grant delete on orders to \"shop-api\"");

        await shop.GrantAsync();

        await Nothing_else_is_allowed("shop-api", "delete from orders");
    }

    [Theory]
    [InlineData("shop-api=22222222-2222-2222-2222-222222222222", true)]
    [InlineData("shop-api", false)]
    [InlineData("=22222222-2222-2222-2222-222222222222", false)]
    [InlineData("shop-api=mine", false)]
    public void A_role_is_a_name_and_an_object_id(string text, bool isOne) => Assert.Equal(isOne, AppRole.Parse(text) is not null);

    private string? ReportOf(string timer) =>
        shop.Logs.GetSnapshot().Select(static line => line.Message).FirstOrDefault(line => line.StartsWith($"{timer}: ", StringComparison.Ordinal));
}
