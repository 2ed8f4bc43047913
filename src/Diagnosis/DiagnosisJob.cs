using System.Diagnostics;
using Microsoft.Extensions.Logging;
using TByte.Functions.Diagnosis.Reports;
using TByte.Functions.Telemetry;

namespace TByte.Functions.Diagnosis;

/// <summary>Runs the diagnosis, keeps its report, and says in one line what it has found.</summary>
public sealed class DiagnosisJob
{
    private readonly DiagnosisRun _run;
    private readonly IndexApplication? _indexes;
    private readonly DiagnosisOptions _options;
    private readonly ReportStore _store;
    private readonly DiagnosisMetrics _metrics;
    private readonly ILogger<DiagnosisJob> _logger;
    private int _isRunning;

    internal DiagnosisJob(
        DiagnosisRun run, IndexApplication? indexes, DiagnosisOptions options, ReportStore store, DiagnosisMetrics metrics, ILogger<DiagnosisJob> logger)
    {
        _run = run;
        _indexes = indexes;
        _options = options;
        _store = store;
        _metrics = metrics;
        _logger = logger;
    }

    /// <summary>Runs, unless another run of this process is under way; that one's report will do.</summary>
    public async Task RunAsync(bool isPastDue, CancellationToken cancellationToken)
    {
        if (Interlocked.Exchange(ref _isRunning, 1) == 1)
        {
            _logger.LogInformation("Another run of the diagnosis is under way");
            return;
        }

        try
        {
            await RunAloneAsync(isPastDue, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Volatile.Write(ref _isRunning, 0);
        }
    }

    private async Task RunAloneAsync(bool isPastDue, CancellationToken cancellationToken)
    {
        using Activity? span = _metrics.Begin(isPastDue);
        DiagnosisMemory? memory = await _store.ReadMemoryAsync(cancellationToken).ConfigureAwait(false);
        DiagnosisResult result = await _run.RunAsync(memory, _options.Watch, cancellationToken).ConfigureAwait(false);
        await _store.SaveAsync(result.Report, result.Memory, cancellationToken).ConfigureAwait(false);
        Tell(result.Report, isPastDue, span);
        if (_indexes is not null)
            await _indexes.ApplyAsync(result, cancellationToken).ConfigureAwait(false);
    }

    private void Tell(DiagnosisReport report, bool isPastDue, Activity? span)
    {
        _metrics.Ended(report.Took);
        foreach (Severity severity in Enum.GetValues<Severity>())
        {
            int count = report.Findings.Count(finding => finding.Severity == severity);
            _metrics.Found(severity.ToString().ToLowerInvariant(), count);
            span?.SetTag($"tbyte.diagnosis.{severity.ToString().ToLowerInvariant()}", count);
        }

        LogLevel level = report.Findings.Any(static finding => finding.Severity == Severity.High) ? LogLevel.Warning : LogLevel.Information;
        _logger.Log(level, "{Summary}{Late}", ReportSummary.Of(report), isPastDue ? " (late)" : "");
    }
}
