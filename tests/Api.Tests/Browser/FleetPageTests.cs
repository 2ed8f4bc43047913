using System.Globalization;
using System.Text.Json;
using Microsoft.Playwright;

namespace TByte.Functions.Api.Tests.Browser;

/// <summary>The operations page in a real browser: what it shows, and what it sends where.</summary>
public sealed class FleetPageTests(Shop shop, Chromium chromium) : IClassFixture<Shop>, IClassFixture<Chromium>
{
    private const string Key = "dGhlIGtleSBvZiB0aGUgaG91c2U=";

    [Fact]
    public async Task Shows_what_the_fleet_tells_and_asks_nobody_else()
    {
        await using ApiInstance other = await ApiInstance.StartAsync(shop.Database, shop.Redis);
        for (int id = 301; id < 305; id++)
        {
            await shop.Api.GetAsync($"/api/v1/products/{id}");
            await shop.Api.GetAsync($"/api/v1/products/{id}");
        }
        await using OpenPage page = await chromium.OpenAsync();
        await page.OpenLiveAsync(shop.Api);
        await OpenPage.EventuallyAsync(async () => await page["#instance-table tbody tr"].CountAsync() >= 2, "both instances are listed");
        // Not known in the first seconds.
        await OpenPage.EventuallyAsync(
            async () => (await BreakerAsync(shop.Api)).GetProperty("live").ValueKind == JsonValueKind.Number, "it is known how many share the breaker");

        JsonElement fleet = await page.FreezeAsync();

        JsonElement own = fleet.GetProperty("instances")[0].GetProperty("status");
        JsonElement figures = fleet.GetProperty("requests").GetProperty("fiveMinutes");
        await ShowsAsync(page["#when"], Text(fleet, "instance"));
        await ShowsAsync(page["#request-tiles"], $"{Text(figures, "failed")} of {Text(figures, "answers")} answers");
        Assert.InRange(
            Milliseconds(await page["#request-tiles dd strong"].Nth(1).InnerTextAsync()) / figures.GetProperty("p95Ms").GetDouble(), 0.99, 1.01);

        JsonElement breaker = own.GetProperty("breakers")[0];
        ILocator card = page["#breaker-cards article"];
        await ShowsAsync(card, Text(breaker, "name"), Text(breaker, "state"), Text(breaker, "epoch"), $"{Text(breaker, "live")} instance");

        JsonElement cache = fleet.GetProperty("cache").GetProperty("fiveMinutes");
        await RowIsAsync(page["#cache-table tbody tr"].Nth(1), 2, Text(cache, "l1Hits"), Text(cache, "l2Hits"), Text(cache, "misses"), Text(cache, "stale"));
        JsonElement[] servers = [.. fleet.GetProperty("instances").EnumerateArray().Select(member => member.GetProperty("status").GetProperty("postgres")[0])];
        await RowIsAsync(
            page["#server-table tbody tr"].First, 0, Text(servers[0], "name"), Text(servers[0], "role"), Text(servers[0], "state"),
            Sum("busy"), Sum("idle"), Sum("max"), "none");
        Assert.Equal(
            fleet.GetProperty("instances").EnumerateArray().Select(member => Text(member.GetProperty("status"), "instance")),
            (await page["#instance-table tbody th"].AllInnerTextsAsync()).Select(name => name.Split(' ')[0]));
        await ShowsAsync(page["#policy-table"], "1,000,000");
        await ShowsAsync(page["#diagnosis-note"], "no storage for reports is set");

        Assert.Empty(page.Errors);
        Assert.All(page.Requests, request => Assert.Equal(shop.Api.Address.Authority, new Uri(request.Url).Authority));
        Assert.Equal(["/api/ops", "/api/ops/fleet"], page.Requests.Select(request => new Uri(request.Url).AbsolutePath).Distinct());

        string Sum(string member) => servers.Sum(server => server.GetProperty(member).GetInt64()).ToString(CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task The_key_leaves_the_address_bar_and_is_sent_as_a_header()
    {
        await using ApiInstance api = await ApiInstance.StartAsync(shop.Database, shop.Redis, Key);
        await using OpenPage page = await chromium.OpenAsync();

        await page.OpenLiveAsync(api, $"?code={Uri.EscapeDataString(Key)}&x=1#cache");

        Assert.Equal("/api/ops?x=1#cache", await page.Page.EvaluateAsync<string>("location.pathname + location.search + location.hash"));
        Assert.DoesNotContain(page.Requests.Skip(1), request => request.Url.Contains("code", StringComparison.Ordinal));
        Assert.All(page.Requests.Skip(1), request => Assert.Equal(Key, request.Headers["x-functions-key"]));
        Assert.Equal(0, await page.Page.EvaluateAsync<int>("sessionStorage.length + localStorage.length + document.cookie.length"));
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task A_breaker_is_forced_open_and_given_back_by_keyboard_alone()
    {
        const string ForceOpen = "[data-order=open]", GiveBack = "[data-order=auto]";
        await using Testing.Redis.TestRedis redis = await Testing.Redis.TestRedis.StartAsync(TestContext.Current.CancellationToken);
        await using ApiInstance api = await ApiInstance.StartAsync(shop.Database, redis.Connection), other = await ApiInstance.StartAsync(shop.Database, redis.Connection);
        await using OpenPage page = await chromium.OpenAsync();
        await page.OpenLiveAsync(api);
        await OpenPage.EventuallyAsync(async () => (await BreakerAsync(api)).GetProperty("shared").GetBoolean(), "the fleet's state is known");
        IKeyboard keyboard = page.Page.Keyboard;
        Assert.True(await page[GiveBack].IsDisabledAsync());

        await page.TabToAsync(ForceOpen);
        await keyboard.PressAsync("Enter");
        Assert.True(await page.HasFocusAsync("#order-minutes"));
        await keyboard.PressAsync("ControlOrMeta+a");
        await keyboard.TypeAsync("1441");
        await keyboard.PressAsync("Enter");
        await ShowsAsync(page["#order-error"], "from 1 to 1440", "Say why");
        Assert.True(await page.HasFocusAsync("#order-minutes"));
        await keyboard.PressAsync("ControlOrMeta+a");
        await keyboard.TypeAsync("7");
        await page.TabToAsync("#order-reason");
        await keyboard.TypeAsync("failover <b>at noon</b>");
        await page.TabToAsync("#order-by");
        await keyboard.TypeAsync("Ada");
        await keyboard.PressAsync("Enter");

        await Assertions.Expect(page["#order"]).ToBeHiddenAsync();
        Assert.True(await page.HasFocusAsync(ForceOpen));
        await ShowsAsync(page["#order-said"], "postgres-primary is held open until");
        await ShowsAsync(page["#breaker-cards article"], "open", "failover <b>at noon</b>", "Ada, until");
        await ShowsAsync(page["#verdict"], "Breaker postgres-primary is open");
        // Asking again and again takes the focus from nobody.
        int polls = page.Polls;
        await OpenPage.EventuallyAsync(() => Task.FromResult(page.Polls > polls + 1), "the fleet is asked again");
        Assert.True(await page.HasFocusAsync(ForceOpen));
        await OpenPage.EventuallyAsync(
            async () => await BreakerAsync(other) is var seen && Text(seen, "state") == "open" && Text(seen, "by") == "Ada" && seen.GetProperty("forced").GetBoolean(),
            "the other instance has the order");

        await page.TabToAsync(GiveBack);
        await keyboard.PressAsync("Space");
        Assert.True(await page.HasFocusAsync("#order-reason"));
        Assert.False(await page["#order-minutes"].IsVisibleAsync());
        await keyboard.TypeAsync("it is well");
        await keyboard.PressAsync("Enter");
        await ShowsAsync(page["#order-said"], "follows the evidence again");
        await ShowsAsync(page["#breaker-cards .mark"], "closed");
        await OpenPage.EventuallyAsync(async () => Text(await BreakerAsync(other), "state") == "closed", "the other instance calls it again");
        Assert.Empty(page.Errors);
    }

    [Fact]
    public async Task Escape_closes_the_dialog_and_nothing_is_ordered()
    {
        await using OpenPage page = await chromium.OpenAsync();
        await page.OpenLiveAsync(shop.Api);
        await page["[data-order=closed]"].PressAsync("Enter");
        await ShowsAsync(page["#order-title"], "Force postgres-primary closed");

        await page.Page.Keyboard.PressAsync("Escape");

        await Assertions.Expect(page["#order"]).ToBeHiddenAsync();
        Assert.True(await page.HasFocusAsync("[data-order=closed]"));
        Assert.DoesNotContain(page.Requests, request => request.Method == "POST");
    }

    [Fact]
    public async Task What_the_server_says_of_an_order_that_it_does_not_take_is_shown()
    {
        await using ApiInstance api = await ApiInstance.StartAsync(shop.Database, "");
        await using OpenPage page = await chromium.OpenAsync();
        await page.OpenLiveAsync(api);
        await ShowsAsync(page["#instance-note"], "Redis is not configured");

        await page["[data-order=open]"].ClickAsync();
        await page["#order-reason"].FillAsync("to see");
        await page["#order-give"].ClickAsync();

        await ShowsAsync(page["#order-error"], "Redis, which tells the fleet, cannot be reached. Nothing has changed.");
        Assert.True(await page["#order"].IsVisibleAsync());
    }

    private static async Task<JsonElement> BreakerAsync(ApiInstance api) =>
        (await api.GetAsync("/api/ops/status")).Json.GetProperty("breakers")[0];

    private static async Task ShowsAsync(ILocator locator, params string[] texts)
    {
        foreach (string text in texts)
            await Assertions.Expect(locator).ToContainTextAsync(text);
    }

    private static async Task RowIsAsync(ILocator row, int from, params string[] texts)
    {
        for (int i = 0; i < texts.Length; i++)
            await Assertions.Expect(row.Locator("th, td").Nth(from + i)).ToHaveTextAsync(texts[i]);
    }

    private static string Text(JsonElement element, string member) => element.GetProperty(member).ToString();

    private static double Milliseconds(string text)
    {
        string[] parts = text.Split(' ');
        return double.Parse(parts[0], NumberStyles.Float | NumberStyles.AllowThousands, CultureInfo.InvariantCulture) * (parts[1] == "ms" ? 1 : 1_000);
    }
}
