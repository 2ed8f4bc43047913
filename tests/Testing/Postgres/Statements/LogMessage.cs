using System.Globalization;
using System.Text.RegularExpressions;

namespace TByte.Functions.Testing.Postgres.Statements;

/// <summary>
/// What a message says about a statement, in one of these forms: <c>statement: text</c>, <c>execute name: text</c> when it begins;
/// <c>duration: 1.5 ms</c> when it has ended; <c>duration: 1.5 ms  parse name: text</c>, or <c>bind</c>, when that phase has.
/// </summary>
internal sealed partial record LogMessage(TimeSpan? Duration, string? Phase, string? Text)
{
    /// <summary>Null if it is about something else.</summary>
    public static LogMessage? TryParse(string message)
    {
        if (Form().Match(message) is not { Success: true } match)
            return null;

        return new LogMessage(
            match.Groups["ms"] is { Success: true } ms ? TimeSpan.FromMilliseconds(double.Parse(ms.ValueSpan, CultureInfo.InvariantCulture)) : null,
            match.Groups["phase"] is { Success: true } phase ? phase.Value : null,
            match.Groups["text"] is { Success: true } text ? text.Value : null);
    }

    [GeneratedRegex(
        @"^(?:duration: (?<ms>\d+\.\d+) ms(?:  |$))?(?:(?<phase>statement|parse|bind|execute)(?: fetch from)?(?: [^:]+)?: (?<text>.*))?$",
        RegexOptions.CultureInvariant)]
    private static partial Regex Form();
}
