using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TByte.Functions.Configuration;
using TByte.Functions.Identity;
using TByte.Functions.Resilience;
using TByte.Functions.Telemetry;

namespace TByte.Functions.Postgres;

/// <summary>Registers the database.</summary>
public static class PostgresServices
{
    /// <summary>Adds the shop's database; settings from <c>Postgres</c>, <c>Breaker</c>, <c>Redis</c> and <c>Identity</c>.</summary>
    public static IServiceCollection AddShopDatabase(this IServiceCollection services)
    {
        // Npgsql reports every command as information; what matters of them is in its metrics and spans.
        services.AddLogging(logging => logging.AddFilter("Npgsql", LogLevel.Warning));
        return services
            .AddValidatedOptions<PostgresOptions>(PostgresOptions.Section)
            .AddSharedCircuitBreakers()
            .AddSingleton(CreateServers)
            .AddSingleton<PostgresMetrics>()
            .AddSingleton<ReplicaLag>()
            .AddSingleton<ReadRouter>()
            .AddSingleton<ShopDatabase>()
            .AddHostedService<ServerProbing>();
    }

    private static DatabaseServers CreateServers(IServiceProvider provider)
    {
        PostgresOptions options = provider.GetRequiredService<PostgresOptions>();
        BreakerOptions breaker = provider.GetRequiredService<BreakerOptions>();
        CircuitAgents agents = provider.GetRequiredService<CircuitAgents>();
        TimeProvider time = provider.GetRequiredService<TimeProvider>();
        return new DatabaseServers(options, provider.GetRequiredService<AppIdentity>(), Guard, time, provider.GetRequiredService<ILoggerFactory>());

        ServerGuard Guard(string name, ServerLogin server) =>
            ServerGuard.Of(agents.Add(name, new SignOfLife(server, time).AskAsync), breaker, time);
    }
}
