using System.Globalization;
using TByte.Functions.Load;
using TByte.Functions.Testing;
using TByte.Functions.Testing.Postgres;
using TByte.Functions.Testing.Redis;

namespace TByte.Functions.Faults;

/// <summary>An instance of the Api app on an <see cref="IncidentDatabase"/>, and what is asked of it: a fixed set of calls that cover its queries.</summary>
internal sealed class IncidentShop : IAsyncDisposable
{
    private const int Connections = 4;
    private const int Rounds = 60;

    private readonly TestPostgres _postgres;
    private readonly TestRedis _redis;
    private ChildServer? _instance;
    private ClosedLoop? _calls;
    private int _callCount;

    private IncidentShop(TestPostgres postgres, TestRedis redis)
    {
        _postgres = postgres;
        _redis = redis;
    }

    public IncidentDatabase Database { get; private set; } = null!;

    /// <summary>Calls of the load that were not answered with 200.</summary>
    public int Failed { get; private set; }

    /// <summary>Calls of the load.</summary>
    public int Sent { get; private set; }

    /// <param name="older">Where to run an older PostgreSQL from, with HypoPG; null for the project's own.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<IncidentShop> StartAsync(OlderPostgres? older, CancellationToken cancellationToken)
    {
        IncidentShop shop = new(await TestPostgres.StartAsync(cancellationToken, older: older), await TestRedis.StartAsync(cancellationToken));
        try
        {
            shop.Database = await IncidentDatabase.CreateAsync(shop._postgres, cancellationToken);
            if (older is not null)
                await shop.Database.ExecuteAsync("create extension hypopg", cancellationToken);
            string[] paths = Paths(await shop.Database.QueryAsync<string>(
                $"select email from users where active order by id * 7919 % 20011 limit {Rounds}", cancellationToken));
            shop._callCount = paths.Length;
            shop._instance = await ChildServer.StartAsync("api", shop.Settings(), cancellationToken);
            string token = "Bearer " + TestToken.WithRoles(TestToken.OrdersRead, TestToken.ReportsRead);
            shop._calls = await ClosedLoop.ConnectAsync(shop._instance.Address, paths, token, mark: "", Connections, cancellationToken);
            return shop;
        }
        catch
        {
            await shop.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes all calls once, with nothing cached; returns what their statements have taken, in milliseconds.</summary>
    public async Task<double> MeasureAsync(CancellationToken cancellationToken)
    {
        await Database.TakeStatementTimeAsync(cancellationToken);
        await CallAsync(cancellationToken);
        return await Database.TakeStatementTimeAsync(cancellationToken);
    }

    /// <summary>Makes all calls again and again.</summary>
    public async Task LoadAsync(CancellationToken until, CancellationToken cancellationToken)
    {
        while (!until.IsCancellationRequested)
            await CallAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _calls?.Dispose();
        if (_instance is not null)
            await _instance.DisposeAsync();
        await _redis.DisposeAsync();
        await _postgres.DisposeAsync();
    }

    private async Task CallAsync(CancellationToken cancellationToken)
    {
        await _redis.FlushAsync(cancellationToken);
        LoadCount count = await _calls!.RunAsync(_callCount, cancellationToken);
        Sent += _callCount;
        Failed += _callCount - count.Answered;
    }

    private static string[] Paths(IReadOnlyList<string> emails) =>
    [
        "/api/v1/reports/category-sales?from=2025-12-20&to=2025-12-27",
        .. Enumerable.Range(1, emails.Count).SelectMany(i => (FormattableString[])
        [
            $"/api/v1/users?email={Uri.EscapeDataString(emails[i - 1])}",
            $"/api/v1/users/{i * 331 % 20_000}/orders",
            $"/api/v1/products/{i * 167 % 10_000}",
            $"/api/v1/users/{i * 307 % 20_000}/orders",
            $"/api/v1/orders/{(long)i * 15_485_863 % IncidentDatabase.Orders}",
            $"/api/v1/products?category={1 + (i % 20)}&minPrice={i % 7}",
            $"/api/v1/products?minPrice={i}",
        ]).Select(static path => path.ToString(CultureInfo.InvariantCulture)),
    ];

    // Without its indexes the shop is slow, which is no failure here; and nothing is to come from memory.
    private Dictionary<string, string?> Settings() => new(TestToken.Settings)
    {
        ["Postgres:Primary"] = Database.ConnectionString,
        ["Postgres:ReadBudget"] = "00:00:20",
        ["Postgres:StatementTimeout"] = "00:00:20",
        ["Redis:Connection"] = _redis.Connection,
        ["Cache:HardTimeout"] = "00:00:30",
        ["Cache:LeaseLife"] = "00:00:25",
        ["Cache:MemoryLife"] = "00:00:00.050",
        ["Cache:MemoryEntries"] = "100",
        ["RateLimits:Enabled"] = "false",
        ["AZURE_FUNCTIONS_ENVIRONMENT"] = "Production",
        ["Logging:LogLevel:Default"] = "Error",
    };
}
