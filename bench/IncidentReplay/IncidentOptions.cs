using System.CommandLine;
using TByte.Functions.IncidentReplay.Replaying;
using TByte.Functions.LocalHost.Servers;
using TByte.Functions.LocalHost.Supervision;

namespace TByte.Functions.IncidentReplay;

/// <summary>The options of <c>./dev incident</c>: those of the replay, and those of <c>--target</c>.</summary>
internal sealed class IncidentOptions
{
    private static readonly LoadOptions Defaults = new();

    private readonly Option<bool> _quick = new("--quick") { Description = "The direction alone, in less than three minutes: its figures are no measurement." };
    private readonly Option<string?> _trace = new("--trace") { Description = "A shop's real sales say who reads what: the Online Retail set, CSV or .gz." };
    private readonly Option<string?> _output = new("--output") { Description = "The directory of the report; .local/incident if not given." };
    private readonly Option<string?> _target = new("--target") { Description = "Replays nothing, and sends the load to a running deployment: https://host or http://host:port. The options below go with it." };
    private readonly Option<double> _rate = new("--rate") { Description = $"Requests per second, up to {LoadOptions.MostRate}.", DefaultValueFactory = static _ => Defaults.Rate };
    private readonly Option<int> _seconds = new("--seconds") { Description = $"How long it is measured, up to {LoadOptions.MostSeconds}.", DefaultValueFactory = static _ => Defaults.Seconds };
    private readonly Option<string?> _token = new("--token") { Description = $"A bearer token with the role orders.read, to read orders too; better in {IncidentCommand.TokenVariable}, where other users of the machine do not see it." };
    private readonly Option<string?> _json = new("--json") { Description = "Writes the report to this file as JSON." };
    private readonly Option<string?> _html = new("--html") { Description = "Writes the report to this file as a page." };
    private readonly Option<double> _p95 = new("--max-p95") { Description = "Objective: milliseconds that 95 % of the requests may take at most.", DefaultValueFactory = static _ => Defaults.MaxP95 };
    private readonly Option<double> _errors = new("--max-errors") { Description = "Objective: percentage of the requests that may fail.", DefaultValueFactory = static _ => Defaults.MaxErrors };

    public IncidentOptions() => Command = new("Replays the incident on servers of its own and measures the cure; with --target, measures what clients of a running deployment see.")
    {
        _quick, _trace, _output, _target, _rate, _seconds, _token, _json, _html, _p95, _errors,
    };

    public RootCommand Command { get; }

    /// <summary>Whether a running deployment is measured.</summary>
    /// <exception cref="UsageException">Options were given that do not go together.</exception>
    public bool IsTargeted(ParseResult parsed)
    {
        bool isTargeted = parsed.GetValue(_target) is not null;
        Option[] strange = isTargeted ? [_quick, _output] : [_rate, _seconds, _token, _json, _html, _p95, _errors];
        if (strange.FirstOrDefault(option => parsed.GetResult(option) is { Implicit: false }) is { } wrong)
            throw new UsageException($"{wrong.Name} goes {(isTargeted ? "with the replay, not with" : "only with")} --target.");
        return isTargeted;
    }

    public ReplayOptions ReplayOf(ParseResult parsed) => new(
        parsed.GetValue(_quick), parsed.GetValue(_trace), parsed.GetValue(_output) ?? Path.Combine(Repository.State, "incident"));

    public LoadOptions LoadOf(ParseResult parsed, string? tokenOfEnvironment)
    {
        string? given = parsed.GetValue(_token);
        return new LoadOptions
        {
            Target = parsed.GetValue(_target),
            TraceFile = parsed.GetValue(_trace),
            Rate = parsed.GetValue(_rate),
            Seconds = parsed.GetValue(_seconds),
            Token = given ?? (string.IsNullOrEmpty(tokenOfEnvironment) ? null : tokenOfEnvironment),
            TokenSource = given is null ? IncidentCommand.TokenVariable : "--token",
            JsonFile = parsed.GetValue(_json),
            HtmlFile = parsed.GetValue(_html),
            MaxP95 = parsed.GetValue(_p95),
            MaxErrors = parsed.GetValue(_errors),
        };
    }
}
