using Microsoft.Extensions.DependencyInjection;
using TByte.Functions.Throttling;

namespace TByte.Functions.Reports;

/// <summary>Registers the reports.</summary>
public static class ReportServices
{
    /// <summary>Adds <see cref="SalesReports"/>; needs <see cref="ThrottlingServices.AddHeavyQueries"/>.</summary>
    public static IServiceCollection AddReports(this IServiceCollection services) =>
        services.AddSingleton(provider => new SalesReports(provider.GetRequiredService<HeavyQueryGate>()));
}
