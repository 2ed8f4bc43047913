using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using TByte.Functions.Configuration;

namespace TByte.Functions.Postgres;

/// <summary>Registers the database.</summary>
public static class PostgresServices
{
    /// <summary>Adds the shop's database; settings from <c>Postgres</c>.</summary>
    public static IServiceCollection AddShopDatabase(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        // Npgsql reports every command as information; what matters of them is in its metrics and spans.
        services.AddLogging(logging => logging.AddFilter("Npgsql", LogLevel.Warning));
        return services
            .AddValidatedOptions<PostgresOptions>(PostgresOptions.Section)
            .AddSingleton(CreateServers)
            .AddSingleton<ReplicaLag>()
            .AddSingleton<ReadRouter>()
            .AddSingleton<ShopDatabase>()
            .AddHostedService<ServerProbing>();
    }

    /// <summary>Adds <see cref="SlowQueries"/>.</summary>
    public static IServiceCollection AddSlowQueries(this IServiceCollection services) =>
        services.AddSingleton(provider => new SlowQueries(provider.GetRequiredService<ShopDatabase>()));

    private static DatabaseServers CreateServers(IServiceProvider provider)
    {
        TimeProvider time = provider.GetRequiredService<TimeProvider>();
        return new DatabaseServers(
            provider.GetRequiredService<PostgresOptions>(), _ => ServerGuard.Local(time), time, provider.GetRequiredService<ILoggerFactory>());
    }
}
