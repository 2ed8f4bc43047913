using Microsoft.Playwright;

namespace TByte.Functions.Api.Tests.Browser;

/// <summary>When the page asks, and what it says when there is no answer. Its timers run by a clock of the test's.</summary>
public sealed class LivenessTests(Shop shop, Chromium chromium) : IClassFixture<Shop>, IClassFixture<Chromium>
{
    [Fact]
    public async Task A_server_that_stops_is_said_to_and_found_again()
    {
        await using OpenPage page = await chromium.OpenAsync();
        await page.OpenLiveAsync(shop.Api);

        await page.Page.RouteAsync("**/api/ops/fleet", route => route.AbortAsync("connectionrefused"));
        await SaysAsync(page, "The server does not answer. What you see is of");
        await Assertions.Expect(page.Page).ToHaveTitleAsync("No answer – Operations");
        Assert.NotEqual(0, await page["#server-table tbody tr"].CountAsync());

        await page.Page.UnrouteAsync("**/api/ops/fleet");
        await SaysAsync(page, "Live");
    }

    [Fact]
    public async Task A_server_that_is_stopped_for_good_is_said_to()
    {
        ApiInstance api = await ApiInstance.StartAsync(shop.Database, "");
        await using OpenPage page = await chromium.OpenAsync();
        await page.OpenLiveAsync(api);

        await api.DisposeAsync();

        await SaysAsync(page, "The server does not answer");
    }

    [Fact]
    public async Task Asks_less_and_less_often_while_there_is_no_answer()
    {
        await using OpenPage page = await OpenWithClockAsync();
        await page.Page.RouteAsync("**/api/ops/fleet", route => route.FulfillAsync(new() { Status = 500, Body = "" }));
        await page["#ask"].ClickAsync();
        await SaysAsync(page, "The server answered with status 500.");

        int asked = page.Polls;
        foreach (int seconds in (int[])[5, 10, 20, 40, 60, 60])
        {
            Assert.Equal(seconds * 1_000, await WaitAsync(page, ofAnswer: asked));
            await page.Page.Clock.RunForAsync(seconds * 1_000 - 1);
            Assert.Equal(asked, page.Polls);
            await page.Page.Clock.RunForAsync(1);
            asked++;
            await OpenPage.EventuallyAsync(() => Task.FromResult(page.Polls == asked), "it asks again");
        }
    }

    [Fact]
    public async Task Waits_as_long_as_it_is_told_to()
    {
        await using OpenPage page = await OpenWithClockAsync();
        await page.Page.RouteAsync("**/api/ops/fleet", route => route.FulfillAsync(new()
        {
            Status = 429,
            Headers = new Dictionary<string, string> { ["Retry-After"] = "90", ["Content-Type"] = "application/problem+json" },
            Body = """{"detail": "The limit of the policy ip is reached."}""",
        }));
        await page["#ask"].ClickAsync();

        await SaysAsync(page, "The limit of the policy ip is reached. What you see is of");
        Assert.Equal(90_000, await WaitAsync(page, ofAnswer: 2));
    }

    [Fact]
    public async Task A_refused_key_is_said_and_not_tried_again()
    {
        await using OpenPage page = await OpenWithClockAsync();
        await page.Page.RouteAsync("**/api/ops/fleet", route => route.FulfillAsync(new() { Status = 401, Body = "" }));
        await page["#ask"].ClickAsync();
        await SaysAsync(page, "The function key is missing or wrong.");

        int asked = page.Polls;
        await page.Page.Clock.RunForAsync(600_000);
        Assert.Equal(asked, page.Polls);
    }

    [Fact]
    public async Task Does_not_ask_while_nobody_sees_it_or_wants_it_to()
    {
        await using OpenPage page = await OpenWithClockAsync();
        await HideAsync(true);
        int asked = page.Polls;
        await page.Page.Clock.RunForAsync(600_000);
        Assert.Equal(asked, page.Polls);
        await HideAsync(false);
        await OpenPage.EventuallyAsync(() => Task.FromResult(page.Polls == asked + 1), "it asks at once when it is seen again");
        await WaitAsync(page, ofAnswer: asked + 1);

        await page["#pause"].ClickAsync();
        await SaysAsync(page, "Paused");
        asked = page.Polls;
        await page.Page.Clock.RunForAsync(600_000);
        Assert.Equal(asked, page.Polls);
        await page["#pause"].ClickAsync();
        await SaysAsync(page, "Live");
        Assert.Equal(asked + 1, page.Polls);

        Task HideAsync(bool hidden) => page.Page.EvaluateAsync(
            "hidden => { Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden }); document.dispatchEvent(new Event('visibilitychange')); }",
            hidden);
    }

    [Fact]
    public async Task What_is_read_out_changes_only_when_the_state_does()
    {
        await using OpenPage page = await OpenWithClockAsync();
        await page.Page.EvaluateAsync(
            """
            () => {
              window.said = 0;
              const observer = new MutationObserver(() => window.said++);
              for (const region of document.querySelectorAll('[role=status], [role=alert], [aria-live]'))
                observer.observe(region, { childList: true, characterData: true, subtree: true });
            }
            """);
        int asked = page.Polls;
        for (int i = 1; i <= 5; i++)
        {
            await page.Page.Clock.RunForAsync(5_000);
            await OpenPage.EventuallyAsync(() => Task.FromResult(page.Polls == asked + i), "it asks again");
            Assert.Equal(5_000, await WaitAsync(page, ofAnswer: asked + i));
        }

        Assert.Equal(0, await page.Page.EvaluateAsync<int>("window.said"));
    }

    /// <summary>Time stands still in it, and how long it waits after each answer is noted.</summary>
    private async Task<OpenPage> OpenWithClockAsync()
    {
        OpenPage page = await chromium.OpenAsync();
        DateTime now = DateTime.UtcNow;
        await page.Page.Clock.InstallAsync(new() { TimeDate = now });
        await page.Page.Clock.PauseAtAsync(now.AddSeconds(1));
        await page.Page.AddInitScriptAsync(
            """
            window.waits = [];
            const wait = window.setTimeout;
            window.setTimeout = (action, milliseconds) => { window.waits.push(milliseconds); return wait(action, milliseconds); };
            """);
        await page.OpenAsync(shop.Api);
        await SaysAsync(page, "Live");
        Assert.Equal(5_000, await WaitAsync(page, ofAnswer: 1));
        return page;
    }

    /// <summary>How long it waits after an answer before it asks again, in milliseconds.</summary>
    private static async Task<int> WaitAsync(OpenPage page, int ofAnswer)
    {
        int[] waits = [];
        await OpenPage.EventuallyAsync(
            async () => (waits = await page.Page.EvaluateAsync<int[]>("window.waits")).Length >= ofAnswer, "it waits before it asks again");
        return waits[ofAnswer - 1];
    }

    private static Task SaysAsync(OpenPage page, string text) =>
        Assertions.Expect(page["#connection"]).ToContainTextAsync(text);
}
