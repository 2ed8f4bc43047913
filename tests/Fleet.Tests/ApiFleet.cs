using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using TByte.Functions.Api;
using TByte.Functions.LocalHost.Hosting;
using TByte.Functions.Redis;
using TByte.Functions.Testing;

namespace TByte.Functions.Fleet.Tests;

/// <summary>Several instances of the Api over one database and one Redis, each with its own container, reached over HTTP.</summary>
internal sealed class ApiFleet : IAsyncDisposable
{
    /// <summary>For tests that count loads: a busy machine must not make a Redis that is well look ill. The database always gets its time.</summary>
    public static readonly TimeSpan Patient = TimeSpan.FromSeconds(20);

    private readonly List<LocalFunctionApp> _apps = [];
    private readonly List<HttpClient> _clients = [];

    /// <summary>A client for each instance, with a token that may write products and read reports.</summary>
    public IReadOnlyList<HttpClient> Clients => _clients;

    /// <param name="instances">How many.</param>
    /// <param name="postgres">Connection string of the shop.</param>
    /// <param name="redis">Where Redis is; empty for none.</param>
    /// <param name="budget">How long a call to Redis may take; null for what apps have by default.</param>
    /// <param name="settings">Further settings.</param>
    public static async Task<ApiFleet> StartAsync(
        int instances, string postgres, string redis, TimeSpan? budget = null, params (string Key, object Value)[] settings)
    {
        Dictionary<string, string?> values = new(TestToken.Settings)
        {
            ["Postgres__Primary"] = postgres,
            ["Postgres__MinPoolSize"] = "1",
            ["Postgres__ReadBudget"] = "00:00:20",
            ["Postgres__WriteBudget"] = "00:00:20",
            ["Cache__HardTimeout"] = "00:00:30",
            ["Cache__LeaseLife"] = "00:00:25",
            ["Redis__Connection"] = redis,
        };
        foreach ((string key, object value) in settings)
            values[key] = Convert.ToString(value, CultureInfo.InvariantCulture);

        FunctionAppDefinition api = FunctionApps.Api with
        {
            Compose = app =>
            {
                app.AddApi();
                if (budget is { } time)
                    app.Services.AddSingleton(new RedisOptions { Connection = redis, Budget = time });
            },
        };
        ApiFleet fleet = new();
        try
        {
            for (int i = 0; i < instances; i++)
                await fleet.AddAsync(api, values);
            return fleet;
        }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }
    }

    public async Task<ProductAnswer> GetProductAsync(int instance, long id)
    {
        using HttpResponseMessage response = await _clients[instance].GetAsync(Path(id), TestContext.Current.CancellationToken);
        return await ProductAnswer.ReadAsync(response);
    }

    public async Task<ProductAnswer> PutProductAsync(int instance, long id, decimal price)
    {
        using HttpResponseMessage response = await _clients[instance].PutAsJsonAsync(
            Path(id), new { name = $"Product {id}", price }, TestContext.Current.CancellationToken);
        return await ProductAnswer.ReadAsync(response);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (HttpClient client in _clients)
            client.Dispose();
        foreach (LocalFunctionApp app in _apps)
            await app.DisposeAsync();
    }

    private static Uri Path(long id) => new($"api/v1/products/{id}", UriKind.Relative);

    private async Task AddAsync(FunctionAppDefinition api, Dictionary<string, string?> settings)
    {
        LocalFunctionApp app = await LocalFunctionApp.StartAsync(
            api, new LocalFunctionAppOptions { Settings = settings, ReadEnvironment = false }, TestContext.Current.CancellationToken);
        _apps.Add(app);
        HttpClient client = new() { BaseAddress = app.Address };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer", TestToken.WithRoles(TestToken.CatalogWrite, TestToken.ReportsRead));
        _clients.Add(client);
    }
}

/// <summary>What a request for a product was answered with.</summary>
internal sealed record ProductAnswer(int Status, long? Version, string CacheStatus, string? ContentType, TimeSpan? RetryAfter)
{
    public static async Task<ProductAnswer> ReadAsync(HttpResponseMessage response)
    {
        byte[] body = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        using JsonDocument? json = body.Length == 0 ? null : JsonDocument.Parse(body);
        return new ProductAnswer(
            (int)response.StatusCode,
            response.IsSuccessStatusCode ? json?.RootElement.GetProperty("version").GetInt64() : null,
            response.Headers.TryGetValues("Cache-Status", out IEnumerable<string>? status) ? string.Join(", ", status) : "",
            response.Content.Headers.ContentType?.MediaType,
            response.Headers.RetryAfter?.Delta);
    }
}
