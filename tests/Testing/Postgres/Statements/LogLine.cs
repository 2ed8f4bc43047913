using System.Globalization;
using System.Text.RegularExpressions;

namespace TByte.Functions.Testing.Postgres.Statements;

/// <summary>The first line of a message in PostgreSQL's log; its further lines begin with a tab.</summary>
internal sealed partial record LogLine(DateTimeOffset Time, int ProcessId, string Transaction, string Application, string Severity, string Message)
{
    /// <summary>log_line_prefix: Unix time with milliseconds, process, virtual transaction, application name.</summary>
    public const string Prefix = "%n %p %v [%a] ";

    /// <summary>Null if it is no first line.</summary>
    public static LogLine? TryParse(string line)
    {
        if (First().Match(line) is not { Success: true } match)
            return null;

        long milliseconds = long.Parse(match.Groups["s"].ValueSpan, CultureInfo.InvariantCulture) * 1000
            + long.Parse(match.Groups["ms"].ValueSpan, CultureInfo.InvariantCulture);
        return new LogLine(
            DateTimeOffset.FromUnixTimeMilliseconds(milliseconds),
            int.Parse(match.Groups["process"].ValueSpan, CultureInfo.InvariantCulture),
            match.Groups["transaction"].Value,
            match.Groups["application"].Value,
            match.Groups["severity"].Value,
            match.Groups["message"].Value);
    }

    [GeneratedRegex(
        @"^(?<s>\d+)\.(?<ms>\d{3}) (?<process>\d+) (?<transaction>\S*) \[(?<application>.*?)\] (?<severity>[A-Z]+\d?):  (?<message>.*)$",
        RegexOptions.CultureInvariant)]
    private static partial Regex First();
}
