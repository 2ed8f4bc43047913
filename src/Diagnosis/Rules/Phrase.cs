using TByte.Functions.Diagnosis.Reports;

namespace TByte.Functions.Diagnosis;

/// <summary>Parts of the sentences in findings.</summary>
internal static class Phrase
{
    private const int MostOfStatement = 120;

    public static string Of(TimeSpan time) => Quantity.Milliseconds(time.TotalMilliseconds);

    /// <summary>The beginning of a statement, on one line.</summary>
    public static string Excerpt(string statement)
    {
        string line = string.Join(' ', statement.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= MostOfStatement ? line : line[..MostOfStatement] + "…";
    }
}
