using System.Globalization;
using System.Net.Http.Json;
using TByte.Functions.Testing;

namespace TByte.Functions.Fleet.Tests;

/// <summary>Several instances of the Api over one database and one Redis, each with its own container, reached over HTTP.</summary>
internal sealed class ApiFleet : IAsyncDisposable
{
    /// <summary>For tests that count loads: a busy machine must not make a Redis that is well look ill. The database always gets its time.</summary>
    public static readonly TimeSpan Patient = TimeSpan.FromSeconds(20);

    private readonly List<FleetInstance> _instances = [];

    public IReadOnlyList<FleetInstance> Instances => _instances;

    /// <param name="instances">How many.</param>
    /// <param name="postgres">Connection string of the shop.</param>
    /// <param name="redis">Where Redis is; empty for none.</param>
    /// <param name="budget">How long a call to Redis may take; null for what apps have by default.</param>
    /// <param name="settings">Further settings.</param>
    public static Task<ApiFleet> StartAsync(
        int instances, string postgres, string redis, TimeSpan? budget = null, params (string Key, object Value)[] settings) =>
        StartAsync([.. Enumerable.Repeat(new InstanceOptions(), instances)], postgres, redis, budget, settings);

    /// <param name="instances">How each differs from the others.</param>
    /// <param name="postgres">Connection string of the shop.</param>
    /// <param name="redis">Where Redis is; empty for none.</param>
    /// <param name="budget">How long a call to Redis may take, of the instances in this process; null for what apps have by default.</param>
    /// <param name="settings">Further settings of all.</param>
    public static async Task<ApiFleet> StartAsync(
        IReadOnlyList<InstanceOptions> instances,
        string postgres,
        string redis,
        TimeSpan? budget = null,
        params (string Key, object Value)[] settings)
    {
        Dictionary<string, string?> common = new(TestToken.Settings)
        {
            ["Postgres__Primary"] = postgres,
            ["Postgres__MinPoolSize"] = "1",
            ["Postgres__ReadBudget"] = "00:00:20",
            ["Postgres__WriteBudget"] = "00:00:20",
            ["Cache__HardTimeout"] = "00:00:30",
            ["Cache__LeaseLife"] = "00:00:25",
            ["Redis__Connection"] = redis,
            // All tests call from one address.
            ["RateLimits__Ip__Permits"] = "10000000",
            ["RateLimits__Api__Permits"] = "10000000",
        };
        Set(common, settings);
        ApiFleet fleet = new();
        try
        {
            foreach (InstanceOptions instance in instances)
            {
                Dictionary<string, string?> own = new(common);
                Set(own, instance.Settings);
                fleet._instances.Add(await FleetInstance.StartAsync(instance, own, budget, TestContext.Current.CancellationToken));
            }
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
        using HttpResponseMessage response = await _instances[instance].Client.GetAsync(Path(id), TestContext.Current.CancellationToken);
        return await ProductAnswer.ReadAsync(response);
    }

    public async Task<ProductAnswer> PutProductAsync(int instance, long id, decimal price)
    {
        using HttpResponseMessage response = await _instances[instance].Client.PutAsJsonAsync(
            Path(id), new { name = $"Product {id}", price }, TestContext.Current.CancellationToken);
        return await ProductAnswer.ReadAsync(response);
    }

    /// <summary>Tells all instances to stop, and waits until they have. Doing it again does nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (FleetInstance instance in _instances)
            await instance.DisposeAsync();
        _instances.Clear();
    }

    private static Uri Path(long id) => new($"api/v1/products/{id}", UriKind.Relative);

    private static void Set(Dictionary<string, string?> values, IEnumerable<(string Key, object Value)> settings)
    {
        foreach ((string key, object value) in settings)
            values[key] = Convert.ToString(value, CultureInfo.InvariantCulture);
    }
}
