using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using TByte.Functions.Configuration;
using TByte.Functions.Diagnosis.Reports;
using TByte.Functions.Identity;
using TByte.Functions.Postgres;
using TByte.Functions.Redis;
using TByte.Functions.Telemetry;

namespace TByte.Functions.Diagnosis;

/// <summary>Registers the diagnosis of the shop.</summary>
public static class DiagnosisServices
{
    /// <summary>
    /// Adds <see cref="DiagnosisJob"/> for the servers that the apps use; settings from <c>Maintenance</c>, <c>Reports</c>, <c>Postgres</c>,
    /// <c>Redis</c> and <c>Identity</c>. It has connections of its own: how the apps' pools and gates fare is a part of what it asks.
    /// </summary>
    public static IServiceCollection AddDiagnosis(this IServiceCollection services) => services
        .AddDiagnosisReports()
        .AddAppIdentity()
        .AddMetrics()
        .AddValidatedOptions<DiagnosisOptions>(DiagnosisOptions.Section)
        .AddValidatedOptions<PostgresOptions>(PostgresOptions.Section)
        .AddValidatedOptions<RedisOptions>(RedisOptions.Section)
        .AddSingleton<DiagnosisMetrics>()
        .AddSingleton(static provider =>
        {
            PostgresOptions postgres = provider.GetRequiredService<PostgresOptions>();
            DiagnosisOptions options = provider.GetRequiredService<DiagnosisOptions>();
            AppIdentity identity = provider.GetRequiredService<AppIdentity>();
            DiagnosisTarget target = new(
                postgres.Primary,
                postgres.Replicas,
                provider.GetRequiredService<RedisOptions>().Connection,
                options.StorageBytes > 0 ? options.StorageBytes : null)
            {
                Identity = identity,
            };
            DiagnosisMetrics metrics = provider.GetRequiredService<DiagnosisMetrics>();
            ILogger<DiagnosisJob> logger = provider.GetRequiredService<ILogger<DiagnosisJob>>();
            return new DiagnosisJob(
                new DiagnosisRun(target, provider.GetRequiredService<TimeProvider>()),
                options.ApplyIndexes ? new IndexApplication(identity.ToPostgres(postgres.Primary), metrics, logger) : null,
                options,
                provider.GetRequiredService<ReportStore>(),
                metrics,
                logger);
        });
}
