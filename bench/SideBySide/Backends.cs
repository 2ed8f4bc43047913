using TByte.Functions.Load;
using TByte.Functions.SideBySide.Servers;
using TByte.Functions.Testing.Postgres;
using TByte.Functions.Testing.Redis;

namespace TByte.Functions.SideBySide;

/// <summary>A PostgreSQL with a small shop, a Redis, and a process that takes telemetry.</summary>
internal sealed class Backends : IAsyncDisposable
{
    private readonly TestPostgres _postgres;
    private readonly TestRedis _redis;
    private readonly ChildServer _telemetry;

    private Backends(TestPostgres postgres, TestRedis redis, ChildServer telemetry, string database)
    {
        _postgres = postgres;
        _redis = redis;
        _telemetry = telemetry;
        Settings = new Dictionary<string, string?>
        {
            ["Postgres:Primary"] = database,
            ["Redis:Connection"] = redis.Connection,
            // Limits stay on, so that permits are really taken.
            ["RateLimits:Ip:Permits"] = "100000000",
            ["RateLimits:Api:Permits"] = "10000000",
        };
    }

    public IReadOnlyDictionary<string, string?> Settings { get; }

    /// <summary>What an app is told in addition, so that it sends its telemetry.</summary>
    public IReadOnlyDictionary<string, string?> TelemetrySettings => OtlpSinkServer.SettingsFor(_telemetry.Address);

    public static async Task<Backends> StartAsync(CancellationToken cancellationToken)
    {
        TestPostgres postgres = await TestPostgres.StartAsync(cancellationToken);
        TestRedis redis = await TestRedis.StartAsync(cancellationToken);
        ChildServer telemetry = await ChildServer.StartAsync(ServerVerb.OtlpSink, new Dictionary<string, string?>(), cancellationToken);
        return new Backends(postgres, redis, telemetry, await postgres.CreateDatabaseAsync(ShopContents.SmallShop, cancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        await _telemetry.DisposeAsync();
        await _redis.DisposeAsync();
        await _postgres.DisposeAsync();
    }
}
