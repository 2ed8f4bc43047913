using TByte.Functions.IncidentReplay.Target;
using TByte.Functions.IncidentReplay.Traffic;

namespace TByte.Functions.IncidentReplay.Reports;

/// <summary>Makes a report of what was counted.</summary>
internal sealed class ReportBuilder(LoadOptions options, TargetContents contents, Tally tally, LoadRun run)
{
    private const double MostSendDelay = 50;

    /// <param name="startedAt">When the warm-up began.</param>
    /// <param name="target">Its name.</param>
    /// <param name="machine">What the load was sent from.</param>
    public LoadReport Build(DateTimeOffset startedAt, string target, string machine)
    {
        double seconds = Math.Max(0, (run.Sending - options.WarmUp).TotalSeconds);
        Tally.Count all = tally.All;
        return new LoadReport
        {
            StartedAt = startedAt,
            Target = target,
            Machine = machine,
            Seconds = Math.Round(seconds, 3),
            WarmUpSeconds = options.WarmUp.TotalSeconds,
            EndedEarly = run.EndedEarly,
            Rate = seconds > 0 ? new RateFigures(all.Requests / seconds, all.Good / seconds) : new RateFigures(0, 0),
            All = KindFigures.Of("all", all),
            Kinds = [.. tally.Kinds.Select(static kind => KindFigures.Of(Name(kind.Key), kind.Value))],
            Errors = [.. tally.Errors.OrderByDescending(static error => error.Value).Select(static error => new ErrorCount(error.Key, error.Value))],
            Abandoned = tally.Abandoned,
            SendDelayP99 = tally.SendDelay.Percentile(99),
            Findings = [.. Findings()],
            Objectives = Objectives(all),
            StepSeconds = tally.StepLength.TotalSeconds,
            Timeline = [.. tally.Steps.Select(Step).OfType<StepFigures>()],
            Percentiles = all.Latency.Distribution(),
            Histogram = all.Latency.Encode(),
        };
    }

    private static string Name(RequestKind kind) => kind switch
    {
        RequestKind.Product => "product",
        RequestKind.Page => "page of products",
        RequestKind.Order => "order",
        _ => "orders of a user",
    };

    private StepFigures? Step(Tally.Count? count, int step) => count is null
        ? null
        : new StepFigures(step * tally.StepLength.TotalSeconds, count.Requests, count.Errors, count.Limited, LatencyFigures.Of(count.Latency), count.HitRatio);

    private IReadOnlyList<Objective> Objectives(Tally.Count all)
    {
        double? p95 = all.Latency.Percentile(95);
        long taken = all.Requests - all.Limited;
        double? errors = taken == 0 ? null : (double)all.Errors / taken;
        return
        [
            new("p95", Milliseconds.Text(p95), $"<= {options.MaxP95:0.##} ms", p95 <= options.MaxP95),
            new("errors", Milliseconds.Percent(errors), $"<= {options.MaxErrors:0.##} %", 100 * errors <= options.MaxErrors),
            new("refused by rate limits", $"{all.Limited:N0}", "0", all.Limited == 0),
        ];
    }

    private IEnumerable<string> Findings()
    {
        Tally.Count all = tally.All;
        if (all.Limited > 0)
        {
            yield return $"{all.Limited:N0} of {all.Requests:N0} requests were refused with 429: the target's limits are too low for this load, "
                + "and this is no measurement of the service. Raise RateLimits__Ip__Permits and RateLimits__Api__Permits there, or lower --rate.";
        }

        foreach (string note in contents.Notes)
            yield return note;
        if (run.EndedEarly)
            yield return "It was ended early; these are the figures until then.";
        if (tally.Abandoned > 0)
            yield return $"{tally.Abandoned:N0} requests that were under way were not waited for and are not counted: the slowest may be among them.";
        if (tally.Errors.TryGetValue(Answer.Unsent, out long unsent))
            yield return $"{unsent:N0} requests could not be sent because {options.MostUnderWay:N0} were under way; they have no latency, and count as errors.";
        if (tally.SendDelay.Percentile(99) is > MostSendDelay and { } delay)
            yield return $"This machine was too busy to send in time (p99 {Milliseconds.Text(delay)} late), and every latency holds its delay: it is not the target's alone.";
        if (all is { Good: > 0, Told: 0 })
            yield return "No answer says anything of the cache: there is no Cache-Status.";
    }
}
