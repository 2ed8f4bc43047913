using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using TByte.Functions.Configuration;

namespace TByte.Functions.Diagnosis.Reports;

/// <summary>Registers what keeps reports.</summary>
public static class ReportServices
{
    /// <summary>Adds <see cref="ReportStore"/>; settings from <c>Reports</c>.</summary>
    public static IServiceCollection AddDiagnosisReports(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => new ReportStore(
            provider.GetRequiredService<ReportOptions>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ReportStore>>()));
        return services.AddValidatedOptions<ReportOptions>(ReportOptions.Section);
    }
}
