using Microsoft.Playwright;

namespace TByte.Functions.Api.Tests.Browser;

/// <summary>One browser for a class of tests, started by the first; each opens contexts of its own in it.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private const string Missing = "No chromium is on PATH: 'apt-get install chromium', which ./dev test does for root.";

    // Only against hanging: two slow processors run the browser, the apps and the servers.
    private const float LongestWait = 60_000;

    private readonly string? _program = Find();
    private readonly SemaphoreSlim _starting = new(1);
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    /// <summary>A page of its own, with the sizes and preferences of <paramref name="options"/>; skips the test where there is no browser.</summary>
    internal async Task<OpenPage> OpenAsync(BrowserNewContextOptions? options = null)
    {
        Assert.SkipWhen(_program is null, Missing);
        await _starting.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            _playwright ??= await Playwright.CreateAsync();
            _browser ??= await _playwright.Chromium.LaunchAsync(new() { ExecutablePath = _program, Args = ["--disable-dev-shm-usage"] });
        }
        finally
        {
            _starting.Release();
        }

        IBrowserContext context = await _browser.NewContextAsync(options ?? new());
        context.SetDefaultTimeout(LongestWait);
        Assertions.SetDefaultExpectTimeout(LongestWait);
        return new OpenPage(context, await context.NewPageAsync());
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.CloseAsync();
        _playwright?.Dispose();
        _starting.Dispose();
    }

    private static string? Find() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(directory => (string[])[Path.Combine(directory, "chromium"), Path.Combine(directory, "chromium-browser"), Path.Combine(directory, "google-chrome")])
            .FirstOrDefault(File.Exists);
}
