using TByte.Functions.Testing.Postgres;
using TByte.Functions.Testing.Redis;

namespace TByte.Functions.SideBySide;

/// <summary>A PostgreSQL with a small shop, and a Redis.</summary>
internal sealed class Backends : IAsyncDisposable
{
    private readonly TestPostgres _postgres;
    private readonly TestRedis _redis;

    private Backends(TestPostgres postgres, TestRedis redis, string database)
    {
        _postgres = postgres;
        _redis = redis;
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

    public static async Task<Backends> StartAsync(CancellationToken cancellationToken)
    {
        TestPostgres postgres = await TestPostgres.StartAsync(cancellationToken);
        TestRedis redis = await TestRedis.StartAsync(cancellationToken);
        return new Backends(postgres, redis, await postgres.CreateDatabaseAsync(ShopContents.SmallShop, cancellationToken));
    }

    public async ValueTask DisposeAsync()
    {
        await _redis.DisposeAsync();
        await _postgres.DisposeAsync();
    }
}
