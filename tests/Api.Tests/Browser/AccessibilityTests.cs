using System.Text.Json;
using Azure.Storage.Blobs;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;
using TByte.Functions.Diagnosis;
using TByte.Functions.Diagnosis.Reports;
using TByte.Functions.Testing.Storage;

namespace TByte.Functions.Api.Tests.Browser;

/// <summary>The page on small and large screens, light and dark, and for those who do not see it.</summary>
public sealed class AccessibilityTests(Shop shop, Chromium chromium, AzuriteFixture azurite)
    : IClassFixture<Shop>, IClassFixture<Chromium>, IClassFixture<AzuriteFixture>
{
    private const string Hostile = "select '</code><script>alert(1)</script>' from order_items_of_customers_who_have_never_paid_for_anything_whatsoever";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(360, ColorScheme.Light)]
    [InlineData(360, ColorScheme.Dark)]
    [InlineData(1440, ColorScheme.Light)]
    [InlineData(1440, ColorScheme.Dark)]
    public async Task Axe_finds_nothing_and_nothing_is_wider_than_the_screen(int width, ColorScheme scheme)
    {
        await using ApiInstance api = await StartWithReportAsync();
        // Axe is put into the page, which the page's policy would not let it be.
        await using OpenPage page = await chromium.OpenAsync(new()
        {
            ViewportSize = new() { Width = width, Height = 900 },
            ColorScheme = scheme,
            BypassCSP = true,
            ReducedMotion = ReducedMotion.Reduce,
        });
        await page.OpenLiveAsync(api);
        await Assertions.Expect(page["#query-table"]).ToContainTextAsync("order_items");
        await page["summary"].ClickAsync();
        await IsGoodAsync();

        await page["[data-order=open]"].ClickAsync();
        await page["#order-give"].ClickAsync();
        await Assertions.Expect(page["#order-error"]).ToContainTextAsync("Say why");
        await IsGoodAsync();

        async Task IsGoodAsync()
        {
            AxeResult result = await page.Page.RunAxe();
            Assert.Empty(result.Violations.Select(violation => $"{violation.Id}: {violation.Help}: {string.Join("; ", violation.Nodes.Select(node => node.Html))}"));
            Assert.InRange(await page.Page.EvaluateAsync<int>("document.documentElement.scrollWidth"), 1, width);
        }
    }

    [Fact]
    public async Task Findings_and_statements_of_others_stay_text()
    {
        await using ApiInstance api = await StartWithReportAsync();
        await using OpenPage page = await chromium.OpenAsync();
        await page.OpenLiveAsync(api);

        await Assertions.Expect(page["#finding-list"]).ToContainTextAsync(Hostile[..60]);
        await Assertions.Expect(page["#query-table"]).ToContainTextAsync(Hostile);
        await Assertions.Expect(page["#diagnosis-note"]).ToContainTextAsync("Report of 2026-03-14 09:26 UTC: 1 finding.");
        Assert.Equal(new Uri(api.Address, "/api/ops/diagnosis").ToString(), await page["#diagnosis-link a"].EvaluateAsync<string>("link => link.href"));
        Assert.Equal(1, await page["script"].CountAsync());
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task Each_table_has_a_caption_and_headers_and_keeps_its_roles_on_a_phone()
    {
        await using OpenPage page = await chromium.OpenAsync(new() { ViewportSize = new() { Width = 360, Height = 800 } });
        await page.OpenLiveAsync(shop.Api);

        Assert.Equal(
            """[["table","true","0"],["table","true","0"],["table","true","0"],["table","true","0"]]""",
            JsonSerializer.Serialize(await page.Page.EvaluateAsync<string[][]>(
                """
                () => ['cache', 'server', 'policy', 'instance'].map(name => document.getElementById(`${name}-table`)).map(table => [
                  table.getAttribute('role'),
                  String(table.caption.textContent.length > 20),
                  String([...table.querySelectorAll('th')].filter(head => !head.scope || !head.getAttribute('role')).length),
                ])
                """)));
    }

    private async Task<ApiInstance> StartWithReportAsync()
    {
        string connection = (await azurite.StartedAsync()).Connection;
        string container = "t" + Guid.NewGuid().ToString("N");
        BlobContainerClient blobs = new BlobServiceClient(connection).GetBlobContainerClient(container);
        await blobs.CreateAsync(cancellationToken: Cancellation);
        DateTimeOffset at = new(2026, 3, 14, 9, 26, 53, TimeSpan.Zero);
        DiagnosisReport report = new(
            at,
            TimeSpan.FromSeconds(11),
            TimeSpan.FromMinutes(15),
            [new Finding("missing-index", Hostile, Severity.High, 0.9, "No index begins with user_id.", [], "Order lists are slow.", new Remedy("Create it."), "It is used.")],
            [new("postgres-primary", "primary", null)],
            [new("postgres-primary", Hostile, 12, 400.5, 0.6)],
            Cache: null,
            [],
            []);
        await blobs.UploadBlobAsync("latest.json", BinaryData.FromBytes(ReportJson.Write(report)), Cancellation);
        return await ApiInstance.StartAsync(
            shop.Database, shop.Redis, ("Reports:Connection", connection), ("Reports:Container", container), ("Reports:Timeout", "00:00:30"));
    }
}
