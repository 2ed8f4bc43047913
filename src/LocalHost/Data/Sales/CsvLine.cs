using System;
using System.Collections.Generic;

namespace TByte.Functions.LocalHost.Data.Sales;

/// <summary>
/// Splits one line of CSV (RFC 4180 without line breaks inside fields). A CSV library reads records, not lines: there an
/// unclosed quote swallows the rest of the file, here it costs its own line and every line stays accounted for.
/// </summary>
internal static class CsvLine
{
    /// <summary>False when a quote is not closed, or stands where none may be.</summary>
    public static bool TrySplit(ReadOnlySpan<char> line, List<string> fields)
    {
        fields.Clear();
        while (true)
        {
            if (!TryTakeField(line, out var field, out var taken))
                return false;
            fields.Add(field);
            if (taken == line.Length)
                return true;
            line = line[(taken + 1)..];
        }
    }

    private static bool TryTakeField(ReadOnlySpan<char> line, out string field, out int taken) =>
        line.StartsWith('"') ? TryTakeQuoted(line, out field, out taken) : TryTakePlain(line, out field, out taken);

    private static bool TryTakePlain(ReadOnlySpan<char> line, out string field, out int taken)
    {
        var comma = line.IndexOf(',');
        taken = comma < 0 ? line.Length : comma;
        field = line[..taken].ToString();
        return !field.Contains('"', StringComparison.Ordinal);
    }

    private static bool TryTakeQuoted(ReadOnlySpan<char> line, out string field, out int taken)
    {
        taken = 1;
        while (true)
        {
            var quote = line[taken..].IndexOf('"');
            if (quote < 0)
            {
                field = "";
                return false;
            }

            taken += quote + 1;
            if (taken == line.Length || line[taken] != '"')
                break;
            taken++;
        }

        field = line[1..(taken - 1)].ToString().Replace("\"\"", "\"", StringComparison.Ordinal);
        return taken == line.Length || line[taken] == ',';
    }
}
