using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using TByte.Functions.Postgres;

namespace TByte.Functions.Maintenance;

/// <summary>Reports the statements that take long on average, as PostgreSQL counts them.</summary>
public sealed class ReportSlowQueries(SlowQueries statistics, MaintenanceOptions options, ILogger<ReportSlowQueries> logger)
{
    /// <summary>Runs by the schedule in the setting <c>ReportSlowQueriesSchedule</c>.</summary>
    [Function(nameof(ReportSlowQueries))]
    public async Task RunAsync([TimerTrigger("%ReportSlowQueriesSchedule%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        try
        {
            IReadOnlyList<SlowQuery>? queries = await statistics.FindAsync(options.SlowQueryThreshold, options.SlowQueries, cancellationToken);
            if (queries is null)
            {
                logger.LogWarning("Slow queries are not known: pg_stat_statements is not loaded, not created or not readable");
                return;
            }

            logger.LogInformation(
                "{Count} queries take more than {Threshold} ms on average{Late}",
                queries.Count, options.SlowQueryThreshold.TotalMilliseconds, timer.IsPastDue ? " (looked late)" : "");
            foreach (SlowQuery query in queries)
            {
                logger.LogWarning(
                    "{Mean:0} ms on average over {Calls} calls, {Share:P0} of all time: {Query}",
                    query.Mean.TotalMilliseconds, query.Calls, query.Share, query.Text);
            }
        }
        catch (DatabaseUnavailableException unavailable)
        {
            logger.LogWarning("Slow queries could not be read: {Error}", unavailable.Message);
        }
    }
}
