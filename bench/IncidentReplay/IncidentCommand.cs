using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Parsing;
using TByte.Functions.IncidentReplay.Replaying;
using TByte.Functions.IncidentReplay.Target;
using TByte.Functions.LocalHost.Supervision;

namespace TByte.Functions.IncidentReplay;

/// <summary>The command line of <c>./dev incident</c>.</summary>
internal static class IncidentCommand
{
    public const string TokenVariable = "TBYTE_LOAD_TOKEN";

    /// <summary>Exit code: what must be reached is.</summary>
    public const int Held = 0;

    /// <summary>Exit code: something is not.</summary>
    public const int NotHeld = 1;

    /// <summary>Exit code: called wrong, or it cannot be run.</summary>
    public const int NotRun = 2;

    /// <param name="arguments">The command line.</param>
    /// <param name="tokenOfEnvironment">The value of <see cref="TokenVariable"/>.</param>
    /// <param name="output">Where to print.</param>
    /// <param name="stop">Ends it early.</param>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> arguments, string? tokenOfEnvironment, CommandOutput output, CommandStop stop)
    {
        IncidentOptions options = new();
        ParseResult parsed = options.Command.Parse(arguments);
        if (parsed.Action is HelpAction)
            return await parsed.InvokeAsync(new InvocationConfiguration { Output = output.Report }, stop.Waiting);
        try
        {
            RefuseErrors(parsed);
            bool isHeld = options.IsTargeted(parsed)
                ? await new TargetRun(options.LoadOf(parsed, tokenOfEnvironment), output, TimeProvider.System).RunAsync(stop)
                : await new ReplayRun(options.ReplayOf(parsed), output, TimeProvider.System).RunAsync(stop);
            return isHeld ? Held : NotHeld;
        }
        catch (Exception e) when (e is UsageException or TargetException or ReplayException)
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
