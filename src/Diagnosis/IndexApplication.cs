using Microsoft.Extensions.Logging;
using Npgsql;
using TByte.Functions.Diagnosis.Indexes;
using TByte.Functions.Postgres;
using TByte.Functions.Telemetry;

namespace TByte.Functions.Diagnosis;

/// <summary>Creates proposed indexes, where that was asked for: the best one of each run, so that the next run sees what it has brought.</summary>
internal sealed class IndexApplication(ServerLogin login, DiagnosisMetrics metrics, ILogger logger)
{
    private readonly IndexBuilder _builder = new(login);

    public async Task ApplyAsync(DiagnosisResult result, CancellationToken cancellationToken)
    {
        if (result.Proposals.FirstOrDefault(MissingIndexRule.IsWorthCreating) is not { } proposal)
        {
            await SweepAsync(cancellationToken).ConfigureAwait(false);
            return;
        }

        logger.LogInformation("Creating an index: {Sql}", proposal.Sql);
        IndexBuildResult built = await _builder.BuildAsync(proposal, cancellationToken).ConfigureAwait(false);
        metrics.Index(built.Outcome.ToString().ToLowerInvariant());
        logger.Log(
            built.Outcome is IndexBuildOutcome.Created or IndexBuildOutcome.Exists ? LogLevel.Information : LogLevel.Warning,
            "Index {Name}: {Outcome}{Reason}", proposal.Name, built.Outcome, built.Reason is { Length: > 0 } reason ? $", {reason}" : "");
    }

    /// <summary>What was needed when its build was broken off may not be needed any more.</summary>
    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (string index in await _builder.SweepAsync(cancellationToken).ConfigureAwait(false))
                logger.LogInformation("Removed the index {Name}, whose creation was broken off", index);
        }
        catch (NpgsqlException failure)
        {
            logger.LogWarning("What creations of indexes have left could not be removed: {Problem}", failure.Message);
        }
    }
}
