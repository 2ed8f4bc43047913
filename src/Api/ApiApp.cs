using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.OpenTelemetry;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TByte.Functions.Api.Edge;
using TByte.Functions.Api.Edge.Correlation;
using TByte.Functions.Api.Edge.Timing;
using TByte.Functions.Caching;
using TByte.Functions.Diagnosis.Reports;
using TByte.Functions.Health;
using TByte.Functions.Operations;
using TByte.Functions.Orders;
using TByte.Functions.Products;
using TByte.Functions.Reports;
using TByte.Functions.Telemetry;
using TByte.Functions.Throttling;
using TByte.Functions.Users;
using TByte.Functions.Views;
using TByte.Functions.Warming;

namespace TByte.Functions.Api;

/// <summary>The HTTP API, composed.</summary>
public static class ApiApp
{
    /// <summary>Adds the app's services and its middleware, in order.</summary>
    public static FunctionsApplicationBuilder AddApi(this FunctionsApplicationBuilder builder)
    {
        builder.Services
            .AddReadThroughCache()
            .AddProducts()
            .AddViewSender()
            .AddInstanceWarmup()
            .AddOrders()
            .AddUsers()
            .AddHeavyQueries()
            .AddRateLimits()
            .AddReports()
            .AddReadiness()
            .AddOperations()
            .AddDiagnosisReports()
            .AddTelemetry("api", builder.Configuration, static telemetry => telemetry.UseFunctionsWorkerDefaults());
        builder.Services.AddSingleton<ClientAddress>();
        builder.Services
            .AddAuthentication(JwtBearerDefaults.AuthenticationScheme)
            // Claims keep the names they have in the token.
            .AddJwtBearer(options => options.MapInboundClaims = false);

        builder.UseMiddleware<MeasuringMiddleware>();
        builder.UseMiddleware<CorrelationMiddleware>();
        builder.UseMiddleware<TimingMiddleware>();
        builder.UseMiddleware<ProblemMiddleware>();
        builder.UseMiddleware<RateLimitMiddleware>();
        return builder;
    }
}
