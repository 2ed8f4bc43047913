using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;

namespace TByte.Functions.LocalHost.Data.Sales;

/// <summary>How many lines fell to one reason; <see cref="FirstLine"/> is a line of the file, whose header is line 1.</summary>
internal sealed record RejectCount(RejectReason Reason, long Lines, long FirstLine);

/// <summary>The account of a sales file: every line after the header was imported or rejected for exactly one reason.</summary>
internal sealed class SalesSummary
{
    private readonly SortedDictionary<RejectReason, RejectCount> _rejected = [];

    public long Lines { get; private set; }

    public long Imported { get; private set; }

    public IReadOnlyCollection<RejectCount> Rejected => _rejected.Values;

    /// <summary>The archive is cut off or corrupt, so lines are missing.</summary>
    public bool Damaged { get; set; }

    public void Count(RejectReason reason)
    {
        Lines++;
        if (reason == RejectReason.None)
            Imported++;
        else
            _rejected[reason] = _rejected.TryGetValue(reason, out var count)
                ? count with { Lines = count.Lines + 1 }
                : new RejectCount(reason, 1, FirstLine: Lines + 1);
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{Lines:N0} lines: {Imported:N0} imported, {Lines - Imported:N0} rejected");
        foreach (var (reason, lines, firstLine) in _rejected.Values.OrderByDescending(count => count.Lines))
        {
            var (name, meaning) = reason.Describe();
            text.Append(CultureInfo.InvariantCulture, $"\n  {name,-24}{lines,12:N0}  {meaning} (first: line {firstLine})");
        }

        if (Damaged)
            text.Append("\nThe archive is damaged or cut off: lines are missing.");
        return text.ToString();
    }
}
