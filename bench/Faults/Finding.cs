using System.Globalization;
using TByte.Functions.Load;

namespace TByte.Functions.Faults;

/// <summary>One figure of a run.</summary>
/// <param name="What">What was measured.</param>
/// <param name="Figure">The figure, with its unit.</param>
/// <param name="Bound">What it must be; empty where it is only reported.</param>
/// <param name="IsMet">Whether it is; null where it is only reported.</param>
/// <param name="IsCount">Counts must hold on every machine; times depend on how busy it is.</param>
internal sealed record Finding(string What, string Figure, string Bound = "", bool? IsMet = null, bool IsCount = false)
{
    public static Finding Count(string what, int count, int most) =>
        new(what, count.ToString(CultureInfo.InvariantCulture), $"<= {most}", count <= most, IsCount: true);

    public static Finding Milliseconds(string what, double milliseconds, double? most = null) => new(
        what,
        string.Create(CultureInfo.InvariantCulture, $"{milliseconds:0.0} ms"),
        most is { } bound ? string.Create(CultureInfo.InvariantCulture, $"<= {bound:0} ms") : "",
        most is null ? null : milliseconds <= most);

    public static Finding Share(string what, int part, int whole, double? least = null)
    {
        double percent = 100.0 * part / Math.Max(1, whole);
        return new(
            what,
            string.Create(CultureInfo.InvariantCulture, $"{percent:0.0} % of {whole}"),
            least is { } bound ? string.Create(CultureInfo.InvariantCulture, $">= {bound:0} %") : "",
            least is null ? null : percent >= least);
    }

    public static string Table(IEnumerable<Finding> findings)
    {
        ReportTable table = new("what", "figure", "bound", "");
        foreach (Finding finding in findings)
            table.Add(finding.What, finding.Figure, finding.Bound, finding.IsMet switch { true => "met", false => "missed", null => "" });
        return table.ToString();
    }
}
