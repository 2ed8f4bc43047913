using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using TByte.Functions.Configuration;
using TByte.Functions.Redis;
using TByte.Functions.Telemetry;

namespace TByte.Functions.Views;

/// <summary>Registers the counting of views.</summary>
public static class ViewServices
{
    /// <summary>Sends what <see cref="Products.ProductCatalog"/> counts; settings from <c>Views</c>.</summary>
    public static IServiceCollection AddViewSender(this IServiceCollection services) => services
        .AddViewQueue()
        .AddSingleton<ViewSender>()
        .AddHostedService(provider => provider.GetRequiredService<ViewSender>());

    /// <summary>Adds <see cref="ViewMover"/>; settings from <c>Views</c>.</summary>
    public static IServiceCollection AddViewMover(this IServiceCollection services) => services
        .AddViewQueue()
        .AddSingleton<ViewLedger>()
        .AddSingleton(provider => new ViewMover(
            provider.GetRequiredService<ViewQueue>(),
            provider.GetRequiredService<ViewLedger>(),
            provider.GetRequiredService<RedisClock>(),
            provider.GetRequiredService<ViewMetrics>(),
            provider.GetRequiredService<ILogger<ViewMover>>()));

    internal static IServiceCollection AddViewCounter(this IServiceCollection services)
    {
        services.TryAddSingleton<ViewMetrics>();
        services.TryAddSingleton(provider => new ViewCounter(provider.GetRequiredService<ViewMetrics>()));
        return services;
    }

    private static IServiceCollection AddViewQueue(this IServiceCollection services)
    {
        services.AddViewCounter();
        services.TryAddSingleton<ViewQueue>();
        return services.AddValidatedOptions<ViewOptions>(ViewOptions.Section);
    }
}
