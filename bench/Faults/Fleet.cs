using TByte.Functions.Load;
using TByte.Functions.Testing;
using TByte.Functions.Testing.Postgres;
using TByte.Functions.Testing.Redis;

namespace TByte.Functions.Faults;

/// <summary>Several instances of the Api app, each a process of its own, on one PostgreSQL and one Redis that can be made to fail.</summary>
internal sealed class Fleet : IAsyncDisposable
{
    /// <summary>Products 1 to this exist in a small shop.</summary>
    public const int Products = 500;

    private readonly List<ChildServer> _instances = [];

    private Fleet(TestPostgres postgres, TestRedis redis)
    {
        Postgres = postgres;
        Redis = redis;
    }

    public TestPostgres Postgres { get; }

    public TestRedis Redis { get; }

    public IReadOnlyList<ApiClient> Clients { get; private set; } = [];

    public IEnumerable<Uri> Addresses => _instances.Select(instance => instance.Address);

    /// <summary>What all instances have used of the processors so far.</summary>
    public TimeSpan ProcessorTime => TimeSpan.FromTicks(_instances.Sum(instance => instance.ProcessorTime.Ticks));

    /// <summary>For Npgsql.</summary>
    public string Database { get; private set; } = "";

    public static async Task<Fleet> StartAsync(
        int instances,
        IReadOnlyDictionary<string, string?> settings,
        CancellationToken cancellationToken,
        ShopContents contents = ShopContents.SmallShop,
        Action<string>? said = null)
    {
        Fleet fleet = new(await TestPostgres.StartAsync(cancellationToken), await TestRedis.StartAsync(cancellationToken));
        try
        {
            fleet.Database = await fleet.Postgres.CreateDatabaseAsync(contents, cancellationToken);
            Dictionary<string, string?> all = new(settings.Concat(TestToken.Settings))
            {
                // Limits stay on, so that permits are really taken.
                ["RateLimits:Ip:Permits"] = settings.GetValueOrDefault("RateLimits:Ip:Permits", "100000000"),
                ["RateLimits:Api:Permits"] = settings.GetValueOrDefault("RateLimits:Api:Permits", "10000000"),
                ["Postgres:Primary"] = fleet.Database,
                ["Redis:Connection"] = settings.GetValueOrDefault("Redis:Connection", fleet.Redis.Connection),
                ["AZURE_FUNCTIONS_ENVIRONMENT"] = "Production",
                ["Logging:LogLevel:Default"] = "Error",
            };
            for (int i = 0; i < instances; i++)
                fleet._instances.Add(await ChildServer.StartAsync("api", all, cancellationToken, said));
            fleet.Clients = [.. fleet._instances.Select(instance => new ApiClient(instance.Address))];
            return fleet;
        }
        catch
        {
            await fleet.DisposeAsync();
            throw;
        }
    }

    /// <summary>Reads every product of a range once from every instance, so that it is cached.</summary>
    public async Task WarmAsync(int first, int last, CancellationToken cancellationToken)
    {
        foreach (ApiClient client in Clients)
        {
            for (int id = first; id <= last; id++)
                await client.GetProductAsync(id, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ApiClient client in Clients)
            client.Dispose();
        foreach (ChildServer instance in _instances)
            await instance.DisposeAsync();
        await Redis.DisposeAsync();
        await Postgres.DisposeAsync();
    }
}
