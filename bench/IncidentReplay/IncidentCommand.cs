using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using TByte.Functions.IncidentReplay.Target;
using TByte.Functions.LocalHost.Supervision;

namespace TByte.Functions.IncidentReplay;

/// <summary>The command line of <c>./dev incident</c>.</summary>
internal static class IncidentCommand
{
    public const string TokenVariable = "TBYTE_LOAD_TOKEN";

    /// <summary>Exit code: the objectives hold.</summary>
    public const int Held = 0;

    /// <summary>Exit code: an objective does not hold.</summary>
    public const int NotHeld = 1;

    /// <summary>Exit code: called wrong, or the target cannot be reached.</summary>
    public const int NotRun = 2;

    private static readonly LoadOptions Defaults = new();

    /// <param name="arguments">The command line.</param>
    /// <param name="tokenOfEnvironment">The value of <see cref="TokenVariable"/>.</param>
    /// <param name="output">Where to print.</param>
    /// <param name="stop">Ends it early.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, string? tokenOfEnvironment, CommandOutput output, CommandStop stop)
    {
        Option<string?> target = new("--target") { Description = "Where the API is: https://host or http://host:port." };
        Option<double> rate = new("--rate") { Description = $"Requests per second, up to {LoadOptions.MostRate}.", DefaultValueFactory = static _ => Defaults.Rate };
        Option<int> seconds = new("--seconds") { Description = $"How long it is measured, up to {LoadOptions.MostSeconds}.", DefaultValueFactory = static _ => Defaults.Seconds };
        Option<string?> token = new("--token") { Description = $"A bearer token with the role orders.read, to read orders too; better in {TokenVariable}, where other users of the machine do not see it." };
        Option<string?> json = new("--json") { Description = "Writes the report to this file as JSON." };
        Option<string?> html = new("--html") { Description = "Writes the report to this file as a page." };
        Option<double> p95 = new("--max-p95") { Description = "Objective: milliseconds that 95 % of the requests may take at most.", DefaultValueFactory = static _ => Defaults.MaxP95 };
        Option<double> errors = new("--max-errors") { Description = "Objective: percentage of the requests that may fail.", DefaultValueFactory = static _ => Defaults.MaxErrors };
        RootCommand command = new("Sends a steady load to a running deployment, and tells what its clients see.") { target, rate, seconds, token, json, html, p95, errors };

        ParseResult parsed = command.Parse(arguments);
        if (parsed.Action is HelpAction)
            return await parsed.InvokeAsync(new InvocationConfiguration { Output = output.Report }, stop.Waiting);
        try
        {
            RefuseErrors(parsed);
            string? given = parsed.GetValue(token);
            LoadOptions options = new()
            {
                Target = parsed.GetValue(target),
                Rate = parsed.GetValue(rate),
                Seconds = parsed.GetValue(seconds),
                Token = given ?? (string.IsNullOrEmpty(tokenOfEnvironment) ? null : tokenOfEnvironment),
                TokenSource = given is null ? TokenVariable : "--token",
                JsonFile = parsed.GetValue(json),
                HtmlFile = parsed.GetValue(html),
                MaxP95 = parsed.GetValue(p95),
                MaxErrors = parsed.GetValue(errors),
            };
            return await new TargetRun(options, output, TimeProvider.System).RunAsync(stop) ? Held : NotHeld;
        }
        catch (Exception e) when (e is UsageException or TargetException)
        {
            await output.Progress.WriteLineAsync(e.Message);
            return NotRun;
        }
        catch (OperationCanceledException) when (stop.Sending.IsCancellationRequested)
        {
            await output.Progress.WriteLineAsync("Stopped before anything was measured.");
            return NotRun;
        }
    }

    // The library's own messages repeat what was typed, which may be a token.
    private static void RefuseErrors(ParseResult parsed)
    {
        if (parsed.Errors.Count == 0)
            return;
        string[] options = [.. parsed.Errors.Select(static error => (error.SymbolResult as OptionResult)?.Option.Name).OfType<string>()];
        throw new UsageException(options.Length > 0
            ? $"{options[0]} has no value, or one that it cannot have; see ./dev incident --help."
            : "There is an argument that is not known; see ./dev incident --help.");
    }
}
