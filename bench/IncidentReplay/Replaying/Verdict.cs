using TByte.Functions.IncidentReplay.Replaying.Outages;
using TByte.Functions.IncidentReplay.Reports;
using TByte.Functions.IncidentReplay.Reports.Replay;

namespace TByte.Functions.IncidentReplay.Replaying;

/// <summary>Compares with what the incident's document reports and with what must be reached.</summary>
/// <param name="before">The incident's state.</param>
/// <param name="after">The product as shipped.</param>
/// <param name="afterDown">Share of the reads that it answers while the primary is down.</param>
internal sealed class Verdict(BeforeResult before, AfterResult after, double afterDown)
{
    /// <summary>Milliseconds that the incident's document reports.</summary>
    public const double IncidentP95 = 800;

    /// <summary>Share of answers 5xx in the incident, at least and at most: its document reports one in ten.</summary>
    public const double LeastFailed = 0.05;

    /// <inheritdoc cref="LeastFailed"/>
    public const double MostFailed = 0.2;

    private const string Nothing = "-";

    private readonly RunFigures _before = Figures.Of(before.Run);
    private readonly RunFigures _after = Figures.Of(after.Run);

    /// <summary>The figures of a full run.</summary>
    public IReadOnlyList<VerdictRow> Full() => [.. Symptoms(), .. Cure()];

    /// <summary>The direction alone: whether the state as shipped is better than the incident's, in each measure.</summary>
    public IReadOnlyList<VerdictRow> Quick()
    {
        bool[] isBetter =
        [
            _after.P95 < _before.P95,
            _after.HitRatio > _before.HitRatio,
            _after.ErrorShare < _before.ErrorShare || _after.ErrorShare == 0,
            _after.DatabaseLoad < _before.DatabaseLoad,
            after.Capacity.Held > before.Capacity.Held,
            afterDown > before.AnsweredWhileDown,
            after.Flood.AnsweredShare < before.Flood.AnsweredShare,
        ];
        return [.. Cure().Zip(isBetter, static (row, better) => row with { Bound = "better than before", IsReached = better })];
    }

    /// <summary>Whether the incident is there at all.</summary>
    private VerdictRow[] Symptoms()
    {
        double failed = (double)before.Run.Load.Errors.Where(static error => error.Reason.StartsWith("status 5", StringComparison.Ordinal)).Sum(static error => error.Requests)
            / before.Run.Load.All.Requests;
        return
        [
            new("the incident: p95", "800 ms", Milliseconds.Text(_before.P95), Nothing, Nothing, $">= {IncidentP95:0} ms", _before.P95 >= IncidentP95),
            new("the incident: cache hits", "< 10 %", Milliseconds.Percent(_before.HitRatio), Nothing, Nothing, "< 10 %", _before.HitRatio < 0.1),
            new("the incident: answers 5xx", "10 %", Milliseconds.Percent(failed), Nothing, Nothing, "5 to 20 %", failed is >= LeastFailed and <= MostFailed),
            new("the incident: database load", "90 %", Milliseconds.Percent(_before.DatabaseLoad), Nothing, Nothing, ">= 90 %", _before.DatabaseLoad >= 0.9),
        ];
    }

    private VerdictRow[] Cure()
    {
        double p95 = _after.P95 / _before.P95 ?? double.NaN;
        double load = _after.DatabaseLoad / _before.DatabaseLoad;
        double capacity = after.Capacity.Held / before.Capacity.Held;
        return
        [
            new("p95 latency, same load", "800 -> 120 ms (-85 %)", Milliseconds.Text(_before.P95), Milliseconds.Text(_after.P95), $"{100 * (p95 - 1):0.0} %", "-98 %", p95 <= 0.02),
            new("cache hit ratio", "< 10 -> 85 %", Milliseconds.Percent(_before.HitRatio), Milliseconds.Percent(_after.HitRatio), Nothing, ">= 97 %", _after.HitRatio >= 0.97),
            new("errors, limits on", "10 -> 0.5 %", $"{100 * _before.ErrorShare:0.00} %", $"{100 * _after.ErrorShare:0.00} %", Nothing, "0.00 %", _after.ErrorShare < 0.00005),
            new("database load", "90 -> 45 %", Milliseconds.Percent(_before.DatabaseLoad), Milliseconds.Percent(_after.DatabaseLoad), $"1/{1 / load:0.#}", "<= 1/10", load <= 0.1),
            new("load held within the objectives", "2 x", $"{before.Capacity.Held:N0}/s", $"{after.Capacity.Held:N0}/s", $"{capacity:0.#} x", ">= 10 x", capacity >= 10),
            new("primary down: reads answered", Nothing, Milliseconds.Percent(before.AnsweredWhileDown), Milliseconds.Percent(afterDown), Nothing, ">= 99.9 %", afterDown >= ServerOutages.LeastAnswered),
            new("one client floods at 20 x its limit: others' p95", Nothing, Admitted(before.Flood), $"{after.Flood.Slowdown:0.00} x; {Admitted(after.Flood)}", Nothing, $"<= {Flood.MostSlowdown:0.0} x", after.Flood.Slowdown <= Flood.MostSlowdown),
        ];
    }

    private static string Admitted(FloodResult flood) => $"{100 * flood.AnsweredShare:0} % of the flood answered";
}
