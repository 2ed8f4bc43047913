using System.Globalization;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using TByte.Functions.LocalHost.Hosting;
using TByte.Functions.Redis;
using TByte.Functions.Testing;

namespace TByte.Functions.Warmup.Tests;

/// <summary>A running Warmup app whose functions run when they are asked to.</summary>
internal sealed class WarmupInstance : IAsyncDisposable
{
    private readonly LocalFunctionApp _app;
    private readonly HttpClient _client;

    private WarmupInstance(LocalFunctionApp app, FakeLogCollector logs)
    {
        _app = app;
        _client = new HttpClient { BaseAddress = app.Address };
        Logs = logs;
    }

    public FakeLogCollector Logs { get; }

    public IServiceProvider Services => _app.Services;

    /// <param name="postgres">Connection string of a database.</param>
    /// <param name="redis">Where Redis is.</param>
    /// <param name="time">The app's clock.</param>
    /// <param name="settings">Further settings, such as <c>Warmup:Products</c>.</param>
    public static async Task<WarmupInstance> StartAsync(
        string postgres, string redis, TimeProvider time, params (string Key, object Value)[] settings)
    {
        Dictionary<string, string?> values = new()
        {
            ["Postgres:Primary"] = postgres,
            ["Postgres:MinPoolSize"] = "0",
            ["Postgres:ReadBudget"] = "00:00:20",
            ["Postgres:WriteBudget"] = "00:00:20",
            ["Postgres:StatementTimeout"] = "00:00:20",
            ["Redis:Connection"] = redis,
            ["Warmup:Rate"] = "100000",
        };
        foreach ((string key, object value) in settings)
            values[key] = Convert.ToString(value, CultureInfo.InvariantCulture);

        FakeLogCollector logs = new();
        FunctionAppDefinition definition = FunctionApps.Warmup with
        {
            Compose = app =>
            {
                app.Services.AddSingleton(time);
                FunctionApps.Warmup.Compose(app);
                app.Services.AddSingleton(new RedisOptions { Connection = redis, Budget = TimeSpan.FromSeconds(20) });
                app.Services.AddLogging(logging => logging.ClearProviders().AddProvider(new FakeLoggerProvider(logs)));
            },
        };
        LocalFunctionAppOptions options = new() { Settings = values, ReadEnvironment = false, RunTimers = false };
        return new WarmupInstance(await LocalFunctionApp.StartAsync(definition, options, TestContext.Current.CancellationToken), logs);
    }

    /// <summary>Runs a function and returns the line it reports with.</summary>
    public async Task<string> RunAsync(string function)
    {
        int before = LinesOf(function).Count;
        using HttpResponseMessage response = await _client.PostAsync(
            $"admin/functions/{function}", new StringContent("""{"input":""}"""), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        await Eventually.HoldsAsync(() => LinesOf(function).Count > before, $"{function} has reported", TestContext.Current.CancellationToken);
        return LinesOf(function)[before];
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }

    private List<string> LinesOf(string function) =>
        [.. Logs.GetSnapshot().Select(static line => line.Message).Where(line => line.StartsWith(function + ": ", StringComparison.Ordinal))];
}
