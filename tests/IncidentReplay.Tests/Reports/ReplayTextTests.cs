using System.Globalization;
using TByte.Functions.IncidentReplay.Reports.Replay;

namespace TByte.Functions.IncidentReplay.Tests.Reports;

public sealed class ReplayTextTests
{
    [Fact]
    public void Every_table_is_there()
    {
        string text = ReplayText.Write(MadeUpReplay.Whole());

        Assert.StartsWith("# The cure holds.", text, StringComparison.Ordinal);
        Assert.Equal(["latency p95", "12 s", "9,400 ms", "24.0 ms", "-99.7 %", "<= 500 ms", "reached"], Row(text, "latency p95"));
        Assert.Equal(["after", "720", "980 ms", "1.2 %", "60 %", "not held"], Row(text, "after", "720"));
        Assert.Equal(["before", "12/s", "", "", "", "the most that is held"], Row(text, "before", "12/s"));
        Assert.Equal(
            ["Indexes", "610 ms", "0.4 %", "2.9 %", "34 %", "2,900 ms", "3.1 %", "94 %", "71 %"], Row(text, "Indexes").Take(9));
        Assert.Equal(["p95 while it is gone", "88 ms", "<= 500 ms", "reached"], Row(text, "p95 while it is gone"));
        Assert.Equal(["hits again as before", "after 6 s", "", ""], Row(text, "hits again as before"));
        Assert.Contains("- Orders are not cached, so they are in no hit ratio.", text, StringComparison.Ordinal);
        Assert.Contains("- command: `./dev incident --replay --out artifacts/incident`", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_not_measured_has_no_table()
    {
        string text = ReplayText.Write(MadeUpReplay.Quick());

        Assert.Contains("Its figures are no measurement.", text, StringComparison.Ordinal);
        Assert.Equal(["How much load is held", "How it was measured"], text.Split("\n## ").Skip(1).Select(static part => part[..part.IndexOf('\n', StringComparison.Ordinal)]));
    }

    [Fact]
    public void A_cell_stays_one_cell()
    {
        ReplayReport quick = MadeUpReplay.Quick();
        string text = ReplayText.Write(quick with { Verdict = [quick.Verdict[0] with { Measure = "a|b\n\u001b[2Jc" }] });

        Assert.Contains("| a\\|b \\u001b[2Jc | 12 s", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_capacity_that_was_not_exceeded_is_a_bound()
    {
        Assert.Equal(">= 640/s", ReplayFigure.Held(MadeUpReplay.Whole().AfterCapacity with { IsFound = false }));
        Assert.Equal("none", ReplayFigure.Held(new Capacity(0, true, [new(5, null, 1, 1, false)])));
        Assert.Equal("-", ReplayFigure.Held(new Capacity(0, false, [])));
    }

    [Fact]
    public void Numbers_are_the_same_in_every_culture()
    {
        ReplayReport whole = MadeUpReplay.Whole();
        string[] expected = Written(whole);
        CultureInfo culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = German();
            Assert.Equal("1.234,5", $"{1_234.5:N1}");
            Assert.Equal(expected, Written(whole));
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    private static string[] Written(ReplayReport report) =>
        [ReplayPage.Write(report), ReplayText.Write(report), HistogramLog.Write(report), BeforeAfterPicture.Draw(report)];

    // As de-DE, which is not there when the runtime has no data of cultures.
    private static CultureInfo German()
    {
        var culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = ",";
        culture.NumberFormat.NumberGroupSeparator = ".";
        culture.NumberFormat.NegativeSign = "\u2212";
        culture.DateTimeFormat.DateSeparator = ".";
        culture.DateTimeFormat.TimeSeparator = ".";
        return culture;
    }

    private static string[] Row(string text, params string[] first) => text.Split('\n')
        .Where(static line => line.StartsWith('|'))
        .Select(static line => line.Trim('|').Split('|').Select(static cell => cell.Trim()).ToArray())
        .First(cells => cells.Take(first.Length).SequenceEqual(first));
}
