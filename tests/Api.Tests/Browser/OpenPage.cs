using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Playwright;
using TByte.Functions.Testing;

namespace TByte.Functions.Api.Tests.Browser;

/// <summary>A tab, and what went wrong or out of it.</summary>
internal sealed class OpenPage : IAsyncDisposable
{
    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _errors = [];
    private readonly ConcurrentQueue<IRequest> _requests = [];

    public OpenPage(IBrowserContext context, IPage page)
    {
        _context = context;
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                _errors.Enqueue(message.Text);
        };
        page.PageError += (_, error) => _errors.Enqueue(error);
        page.Request += (_, request) => _requests.Enqueue(request);
    }

    public IPage Page { get; }

    /// <summary>What the console shows as errors and warnings, violations of the policy included, and exceptions that nobody caught.</summary>
    public IReadOnlyCollection<string> Errors => _errors;

    public IReadOnlyCollection<IRequest> Requests => _requests;

    public ILocator this[string selector] => Page.Locator(selector);

    /// <summary>How often the fleet was asked.</summary>
    public int Polls => _requests.Count(request => request.Url.EndsWith("/api/ops/fleet", StringComparison.Ordinal));

    public async Task OpenAsync(ApiInstance api, string query = "")
    {
        IResponse? response = await Page.GotoAsync(new Uri(api.Address, "/api/ops" + query).ToString());
        Assert.Equal(200, response?.Status);
    }

    /// <summary>Opens it and waits until it shows something.</summary>
    public async Task OpenLiveAsync(ApiInstance api, string query = "")
    {
        await OpenAsync(api, query);
        await Assertions.Expect(this["#connection"]).ToContainTextAsync("Live");
    }

    /// <summary>Stops it from asking by itself and asks once more: what was answered is what it shows until it is asked again.</summary>
    public async Task<JsonElement> FreezeAsync()
    {
        await this["#pause"].ClickAsync();
        IResponse response = await Page.RunAndWaitForResponseAsync(
            () => this["#ask"].ClickAsync(), response => response.Url.EndsWith("/api/ops/fleet", StringComparison.Ordinal));
        JsonElement fleet = (await response.JsonAsync())!.Value;
        string at = fleet.GetProperty("at").GetDateTimeOffset().ToString("HH:mm:ss", null);
        await Assertions.Expect(this["#when"]).ToContainTextAsync(at);
        return fleet;
    }

    /// <summary>Presses Tab until the element that has the focus is this one.</summary>
    public async Task TabToAsync(string selector)
    {
        for (int presses = 0; presses < 80; presses++)
        {
            await Page.Keyboard.PressAsync("Tab");
            if (await HasFocusAsync(selector))
                return;
        }
        Assert.Fail($"Tab does not reach {selector}.");
    }

    public Task<bool> HasFocusAsync(string selector) => this[selector].EvaluateAsync<bool>("element => element === document.activeElement");

    public static Task EventuallyAsync(Func<Task<bool>> condition, string what) =>
        Eventually.HoldsAsync(condition, what, TestContext.Current.CancellationToken, TimeSpan.FromMinutes(1));

    public async ValueTask DisposeAsync() => await _context.CloseAsync();
}
