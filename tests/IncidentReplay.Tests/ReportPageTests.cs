using TByte.Functions.IncidentReplay.Reports;

namespace TByte.Functions.IncidentReplay.Tests;

public sealed class ReportPageTests
{
    private const string Odd = "<script>alert('\"&')</script>";

    private static readonly LatencyFigures None = new(null, null, null, null);

    [Fact]
    public void Text_of_others_stays_text()
    {
        string page = ReportPage.Write(Report([new(0, 1, 1, 0, None, null)]));

        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(4, page.Split("&lt;script&gt;alert(&#x27;&quot;&amp;&#x27;)").Length - 1);
    }

    [Fact]
    public void Needs_nothing_from_elsewhere()
    {
        string page = ReportPage.Write(Report([]));

        Assert.Contains("default-src &#x27;none&#x27;", page, StringComparison.Ordinal);
        foreach (string load in (string[])["src=", "href=", "url(", "@import", "http://", "https://"])
            Assert.DoesNotContain(load, page, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Draws_what_is_known_and_breaks_the_line_where_nothing_is()
    {
        LatencyFigures known = new(10, 100, 1_000, 1_000);
        string page = ReportPage.Write(Report(
            [new(0, 5, 0, 0, known, 1), new(1, 5, 0, 0, known, 1), new(2, 5, 0, 5, None, null), new(3, 5, 5, 0, known, 1)]));

        // From 10 ms at the bottom to 1 s at the top; each of four steps is 202.5 wide.
        Assert.Contains("class=\"p50\" d=\"M171.25 225h0L373.75 225M778.75 225h0\"", page, StringComparison.Ordinal);
        Assert.Contains("class=\"p95\" d=\"M171.25 119.5h0L373.75 119.5M778.75 119.5h0\"", page, StringComparison.Ordinal);
        Assert.Contains("class=\"p99\" d=\"M171.25 14h0L373.75 14M778.75 14h0\"", page, StringComparison.Ordinal);
        Assert.Contains("class=\"errors\" d=\"M171.25 225h0L373.75 225L576.25 225L778.75 14\"", page, StringComparison.Ordinal);
        Assert.Contains("class=\"limited\" d=\"M171.25 225h0L373.75 225L576.25 14L778.75 225\"", page, StringComparison.Ordinal);
    }

    private static LoadReport Report(IReadOnlyList<StepFigures> timeline)
    {
        KindFigures kind = new("all", 1, 1, 0, None, null, null);
        return new LoadReport
        {
            StartedAt = DateTimeOffset.UnixEpoch,
            Target = "shop.example",
            Machine = Odd,
            Seconds = 1,
            WarmUpSeconds = 3,
            EndedEarly = false,
            Rate = new RateFigures(1, 0),
            All = kind,
            Kinds = [kind with { Kind = Odd }],
            Errors = [new ErrorCount(Odd, 1)],
            Abandoned = 0,
            SendDelayP99 = null,
            Findings = [Odd],
            Objectives = [new Objective("p95", "-", "<= 500 ms", false)],
            StepSeconds = 1,
            Timeline = timeline,
            Percentiles = [],
            Histogram = "",
        };
    }
}
