using System.Collections.Concurrent;
using TByte.Functions.LocalHost.Hosting;
using TByte.Functions.LocalHost.Servers;
using TByte.Functions.LocalHost.Supervision;
using TByte.Functions.Testing;

namespace TByte.Functions.Fleet.Tests;

/// <summary>The Warmup app in a process of its own. Its functions run when they are asked for, by the host's own route.</summary>
internal sealed class WarmupProcess : IAsyncDisposable
{
    public const string MoveProductViews = "MoveProductViews";
    public const string WarmPopularProducts = "WarmPopularProducts";

    private const string WarmRecentCustomers = "WarmRecentCustomers";
    private const string Never = "0 0 0 1 1 *";

    private readonly ConcurrentQueue<string> _log = new();
    private readonly AppProcess _process;
    private readonly HttpClient _client;

    private WarmupProcess(Dictionary<string, string?> settings)
    {
        _process = new AppProcess(FunctionApps.Warmup, LocalPorts.FindFree(), settings, _log.Enqueue);
        _client = new HttpClient { BaseAddress = _process.Address };
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <param name="postgres">Connection string of the shop.</param>
    /// <param name="redis">Where Redis is.</param>
    /// <param name="settings">Further settings.</param>
    public static async Task<WarmupProcess> StartAsync(string postgres, string redis, params (string Key, string Value)[] settings)
    {
        Dictionary<string, string?> all = new()
        {
            ["Postgres__Primary"] = postgres,
            ["Postgres__MinPoolSize"] = "1",
            ["Redis__Connection"] = redis,
            ["MoveProductViewsSchedule"] = Never,
            ["WarmPopularProductsSchedule"] = Never,
            ["WarmAheadOfPeakSchedule"] = Never,
            ["WarmRecentCustomersSchedule"] = Never,
            ["Warmup__Customers"] = "1",
        };
        foreach ((string key, string value) in settings)
            all[key] = value;
        WarmupProcess app = new(all);
        try
        {
            await app.RestartAsync();
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>Asks for a run, and does not wait for it.</summary>
    public async Task BeginAsync(string function)
    {
        using StringContent input = new("""{"input":""}""");
        using HttpResponseMessage answer = await _client.PostAsync(new Uri($"admin/functions/{function}", UriKind.Relative), input, Token);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>Asks for a run and waits until it has ended. Returns what it says of itself in the log.</summary>
    public async Task<string> RunAsync(string function)
    {
        int before = Reports(function).Count();
        await BeginAsync(function);
        await HasReportedAsync(function, before);
        return Reports(function).Last();
    }

    /// <summary>Waits until more runs of a function have reported than so many, and returns what the last one says.</summary>
    public async Task<string> HasReportedAsync(string function, int moreThan)
    {
        await Eventually.HoldsAsync(() => Reports(function).Count() > moreThan, $"a run of {function} reports", Token);
        return Reports(function).Last();
    }

    /// <summary>Kills it (SIGKILL).</summary>
    public Task KillAsync() => _process.KillAsync();

    /// <summary>Starts it again, on the same address, and waits until it has found its servers.</summary>
    public async Task RestartAsync()
    {
        await _process.RestartAsync(Token);
        await _process.WaitUntilReadyAsync(Token);
        await FindsServersAsync();
    }

    /// <summary>Waits until a run finds both servers; it touches no product.</summary>
    public Task FindsServersAsync() =>
        Eventually.HoldsAsync(async () => IsComplete(await RunAsync(WarmRecentCustomers)), "the app finds its servers", Token);

    /// <summary>Whether a run has not ended early.</summary>
    public static bool IsComplete(string report) => !report.Contains("ended early", StringComparison.Ordinal);

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _process.DisposeAsync();
    }

    private IEnumerable<string> Reports(string function) => _log.Where(line => line.Contains($"{function}: ", StringComparison.Ordinal));
}
