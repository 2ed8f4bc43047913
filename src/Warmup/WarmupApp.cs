using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.DependencyInjection;
using TByte.Functions.Caching;
using TByte.Functions.Configuration;
using TByte.Functions.Orders;
using TByte.Functions.Products;
using TByte.Functions.Telemetry;
using TByte.Functions.Views;
using TByte.Functions.Warming;

namespace TByte.Functions.Warmup;

/// <summary>The timers that fill the cache before readers come, composed.</summary>
public static class WarmupApp
{
    /// <summary>Adds the app's services.</summary>
    public static FunctionsApplicationBuilder AddWarmup(this FunctionsApplicationBuilder builder)
    {
        builder.Services
            .AddValidatedOptions<WarmupOptions>(WarmupOptions.Section)
            .AddReadThroughCache()
            .AddProducts()
            .AddOrders()
            .AddViewMover()
            .AddWarmers(static provider => provider.GetRequiredService<WarmupOptions>().Rate)
            .AddSingleton<WarmingRun>()
            .AddTelemetry("warmup", builder.Configuration, static telemetry => telemetry.UseFunctionsWorkerDefaults());
        return builder;
    }
}
