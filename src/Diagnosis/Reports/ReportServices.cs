using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using TByte.Functions.Configuration;
using TByte.Functions.Identity;

namespace TByte.Functions.Diagnosis.Reports;

/// <summary>Registers what keeps reports.</summary>
public static class ReportServices
{
    /// <summary>Adds <see cref="ReportStore"/>; settings from <c>Reports</c> and <c>Identity</c>.</summary>
    public static IServiceCollection AddDiagnosisReports(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => new ReportStore(
            provider.GetRequiredService<ReportOptions>(),
            provider.GetRequiredService<AppIdentity>().Credential,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<ReportStore>>()));
        return services.AddAppIdentity().AddValidatedOptions<ReportOptions>(ReportOptions.Section);
    }
}
