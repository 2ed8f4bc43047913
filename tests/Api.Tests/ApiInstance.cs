using System.Globalization;
using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using TByte.Functions.Api.Tests.Contract;
using TByte.Functions.LocalHost.Hosting;
using TByte.Functions.Redis;
using TByte.Functions.Testing;

namespace TByte.Functions.Api.Tests;

/// <summary>A running Api and a client of it; every answer is checked against the OpenAPI document.</summary>
public sealed class ApiInstance : IAsyncDisposable
{
    private readonly LocalFunctionApp _app;
    private readonly HttpClient _client;

    private ApiInstance(LocalFunctionApp app, FakeLogCollector logs)
    {
        _app = app;
        _client = new HttpClient(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { BaseAddress = app.Address };
        Logs = logs;
    }

    public Uri Address => _app.Address;

    /// <summary>The app's container.</summary>
    public IServiceProvider Services => _app.Services;

    /// <summary>What the app has logged.</summary>
    public FakeLogCollector Logs { get; }

    /// <param name="postgres">Connection string of a database.</param>
    /// <param name="redis">Where Redis is; empty for none.</param>
    /// <param name="settings">Further settings, such as <c>Cache:ProductLife</c>.</param>
    public static Task<ApiInstance> StartAsync(string postgres, string redis, params (string Key, object Value)[] settings) =>
        StartAsync(postgres, redis, functionKey: null, settings);

    /// <param name="postgres">Connection string of a database.</param>
    /// <param name="redis">Where Redis is; empty for none.</param>
    /// <param name="functionKey">The key that is asked for; null when none is.</param>
    /// <param name="settings">Further settings.</param>
    public static async Task<ApiInstance> StartAsync(
        string postgres, string redis, string? functionKey, params (string Key, object Value)[] settings)
    {
        // On a busy machine servers that are well may need longer than an app would wait for them.
        Dictionary<string, string?> values = new(TestToken.Settings)
        {
            ["Postgres:Primary"] = postgres,
            ["Postgres:MinPoolSize"] = "0",
            ["Postgres:ReadBudget"] = "00:00:20",
            ["Postgres:WriteBudget"] = "00:00:20",
            ["Postgres:StatementTimeout"] = "00:00:20",
            ["Cache:LeaseLife"] = "00:00:30",
            ["Cache:HardTimeout"] = "00:00:40",
            ["Redis:Connection"] = redis,
            // All tests call from one address.
            ["RateLimits:Ip:Permits"] = "1000000",
            ["RateLimits:Api:Permits"] = "1000000",
        };
        foreach ((string key, object value) in settings)
            values[key] = Convert.ToString(value, CultureInfo.InvariantCulture);

        FakeLogCollector logs = new();
        FunctionAppDefinition definition = FunctionApps.Api with
        {
            Compose = app =>
            {
                FunctionApps.Api.Compose(app);
                app.Services.AddSingleton(new RedisOptions { Connection = redis, Budget = TimeSpan.FromSeconds(20) });
                app.Services.AddLogging(logging => logging.ClearProviders().AddProvider(new FakeLoggerProvider(logs)));
            },
        };
        LocalFunctionAppOptions options = new()
        {
            Settings = values,
            ReadEnvironment = false,
            RunTimers = false,
            RequireKeys = functionKey is not null,
            FunctionKey = functionKey,
        };
        return new ApiInstance(await LocalFunctionApp.StartAsync(definition, options, TestContext.Current.CancellationToken), logs);
    }

    public Task<Answer> GetAsync(string path, string? token = null, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Get, path, token, body: null, headers);

    public Task<Answer> PutAsync(string path, string? token, string body, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Put, path, token, Json(body), headers);

    public Task<Answer> PostAsync(string path, string body, string? token = null, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, path, token, Json(body), headers);

    public async Task<Answer> SendAsync(
        HttpMethod method, string path, string? token, HttpContent? body, params (string Name, string Value)[] headers)
    {
        using HttpRequestMessage request = new(method, path) { Content = body };
        if (token is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        foreach ((string name, string value) in headers)
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));

        using HttpResponseMessage response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        Answer answer = await Answer.ReadAsync(response, TestContext.Current.CancellationToken);
        OpenApiDocument.Checked.Check(method.Method, request.RequestUri!.OriginalString.Split('?')[0], answer);
        return answer;
    }

    public static StringContent Json(string body) => new(body, new MediaTypeHeaderValue("application/json"));

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _app.DisposeAsync();
    }
}
