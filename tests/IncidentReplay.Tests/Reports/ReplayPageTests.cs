using TByte.Functions.IncidentReplay.Reports;
using TByte.Functions.IncidentReplay.Reports.Replay;

namespace TByte.Functions.IncidentReplay.Tests.Reports;

public sealed class ReplayPageTests
{
    private const string Odd = "<script>alert('\"&')</script>";

    private static readonly LatencyFigures None = new(null, null, null, null);

    [Fact]
    public void Text_of_others_stays_text()
    {
        ReplayReport whole = MadeUpReplay.Whole();
        string page = ReplayPage.Write(whole with
        {
            Command = Odd,
            SetUp = whole.SetUp with { Machine = Odd, Contents = Odd, Traffic = Odd },
            Verdict = [new(Odd, Odd, Odd, Odd, Odd, Odd, false)],
            Remedies = [whole.Remedies[0] with { Name = Odd, Description = Odd }],
            Outages = [whole.Outages[0] with { Title = Odd, Description = Odd, Marks = [new(40, Odd)], Figures = [new(Odd, Odd, Odd, false)] }],
            Findings = [Odd],
        });

        Assert.DoesNotContain("<script", page, StringComparison.OrdinalIgnoreCase);
        Assert.True(page.Split("&lt;script&gt;alert(&#x27;&quot;&amp;&#x27;)").Length > 20);
    }

    [Fact]
    public void Needs_nothing_from_elsewhere()
    {
        string page = ReplayPage.Write(MadeUpReplay.Whole());

        Assert.Contains("default-src &#x27;none&#x27;", page, StringComparison.Ordinal);
        foreach (string load in (string[])["src=", "href=", "url(", "@import", "http://", "https://"])
            Assert.DoesNotContain(load, page, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void What_was_not_measured_has_no_section()
    {
        ReplayReport quick = MadeUpReplay.Quick();

        Assert.Equal(
            [
                "What the cure had to reach", "Before and after under the same load", "How much load is held", "What each remedy buys", "When something fails",
                "To be known", "How it was measured",
            ],
            Headings(ReplayPage.Write(MadeUpReplay.Whole())));
        Assert.Equal(
            ["Before and after under the same load", "How it was measured"],
            Headings(ReplayPage.Write(quick with { Verdict = [], BeforeCapacity = new(0, false, []), AfterCapacity = new(0, false, []) })));
    }

    [Fact]
    public void Figures_of_a_quick_run_are_said_to_be_none()
    {
        Assert.DoesNotContain("no measurement", ReplayPage.Write(MadeUpReplay.Whole()), StringComparison.Ordinal);
        string page = ReplayPage.Write(MadeUpReplay.Quick());
        int warning = page.IndexOf("Its figures are no measurement.", StringComparison.Ordinal);
        Assert.InRange(warning, 0, page.IndexOf("<main>", StringComparison.Ordinal));
    }

    [Fact]
    public void Both_states_are_drawn_on_the_same_axes()
    {
        ReplayReport whole = MadeUpReplay.Whole();
        string page = ReplayPage.Write(whole with
        {
            Before = With(whole.Before, [Step(0, 1_000, 0.25, 4), Step(1, 10_000, 0, 2)], [new(1, 1), new(2, 0.5)]),
            After = With(whole.After, [Step(0, 10, 1, 0), Step(1, null, null, 0)], [new(1, 0.25), new(2, 0)]),
        });

        // 10 ms at the bottom, 10 s at the top; two steps of 233 each.
        Assert.Contains("class=\"before\" d=\"M186.5 110h0L419.5 34\"", page, StringComparison.Ordinal);
        Assert.Contains("class=\"after\" d=\"M186.5 262h0\"", page, StringComparison.Ordinal);
        // Shares, four errors and all of the database's processors at the most; two steps of 124 each.
        Assert.Contains("class=\"before\" d=\"M122 158.5h0L246 200\"", page, StringComparison.Ordinal);
        Assert.Contains("class=\"after\" d=\"M122 34h0\"", page, StringComparison.Ordinal);
        Assert.Contains("class=\"before\" d=\"M122 34h0L246 117\"", page, StringComparison.Ordinal);
        Assert.Contains("class=\"after\" d=\"M122 200h0L246 200\"", page, StringComparison.Ordinal);
        // The database's load is told at the end of each step.
        Assert.Contains("class=\"before\" d=\"M184 34h0L308 117\"", page, StringComparison.Ordinal);
        Assert.Contains("class=\"after\" d=\"M184 158.5h0L308 200\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_distribution_ends_where_the_axis_does()
    {
        ReplayReport whole = MadeUpReplay.Whole();
        IReadOnlyList<PercentilePoint> before = [new(0, 100, 1), new(90, 1_000, 3_600), new(100, 1_000, 4_500)];
        IReadOnlyList<PercentilePoint> after = [new(0, 10, 1), new(90, 100, 3_600), new(99.99, 1_000, 4_500), new(100, 10_000, 4_501)];
        string page = ReplayPage.Write(whole with
        {
            Before = whole.Before with { Load = whole.Before.Load with { Percentiles = before } },
            After = whole.After with { Load = whole.After.Load with { Percentiles = after } },
        });

        // Three nines, each 155.33 wide; two decades of latency, each 114 high.
        Assert.Contains("class=\"before\" d=\"M70 148h0L225.33 34L536 34\"", page, StringComparison.Ordinal);
        Assert.Contains("class=\"after\" d=\"M70 262h0L225.33 148L536 34\"", page, StringComparison.Ordinal);
    }

    [Fact]
    public void What_happened_in_an_outage_is_marked_when_it_happened()
    {
        string page = ReplayPage.Write(MadeUpReplay.Whole());

        // 30 s of 90 s: a third of 466, and each label in a row of its own.
        Assert.Contains("class=\"event\" d=\"M225.33 34V302\"></path>\n<text x=\"231.33\" y=\"45\" text-anchor=\"start\" class=\"event\">Redis is killed<", page, StringComparison.Ordinal);
        Assert.Contains("y=\"65\" text-anchor=\"start\" class=\"event\">Redis is back<", page, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_not_reached_is_named()
    {
        ReplayReport whole = MadeUpReplay.Whole();
        Assert.Equal("The cure holds.", ReplayVerdict.Sentence(whole));
        ReplayReport missed = whole with
        {
            Verdict = [whole.Verdict[0], whole.Verdict[1] with { IsReached = false }],
            Outages = [whole.Outages[0] with { Figures = [whole.Outages[0].Figures[1] with { IsReached = false }] }],
        };

        const string Sentence = "The cure does not hold: cache hits 93.8 % (>= 80 %); Redis is killed, p95 while it is gone 88 ms (<= 500 ms).";
        Assert.Equal(Sentence, ReplayVerdict.Sentence(missed));
        Assert.Contains("<h1>The cure does not hold: cache hits 93.8 % (&gt;= 80 %); Redis is killed,", ReplayPage.Write(missed), StringComparison.Ordinal);
        Assert.StartsWith($"# {Sentence}", ReplayText.Write(missed), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_known_breaks_nothing()
    {
        ReplayReport whole = MadeUpReplay.Whole();
        RunFigures nothing = new(null, null, 1, null, 0);
        string page = ReplayPage.Write(whole with
        {
            Before = Unanswered(whole.Before),
            After = Unanswered(whole.After),
            BeforeCapacity = new Capacity(0, true, [new(50, null, 1, 0, false)]),
            AfterCapacity = new Capacity(0, false, []),
            Remedies = [new("Indexes", "", nothing, nothing)],
            Outages = [whole.Outages[0] with { Run = Unanswered(whole.Outages[0].Run!) }],
        });

        Assert.DoesNotContain("NaN", page, StringComparison.Ordinal);
        Assert.DoesNotContain("∞", page, StringComparison.Ordinal);
        Assert.Contains("nothing answered", page, StringComparison.Ordinal);
    }

    private static IEnumerable<string> Headings(string page) => page.Split("<h2>").Skip(1).Select(static part => part[..part.IndexOf('<', StringComparison.Ordinal)]);

    private static StepFigures Step(double at, double? p95, double? hits, long errors) => new(at, 50, errors, 0, None with { P95 = p95 }, hits);

    private static MeasuredRun With(MeasuredRun run, IReadOnlyList<StepFigures> timeline, IReadOnlyList<DatabaseStep> database) =>
        run with { Load = run.Load with { Timeline = timeline }, Database = database };

    private static MeasuredRun Unanswered(MeasuredRun run) => run with
    {
        Load = run.Load with
        {
            All = new KindFigures("all", 0, 0, 0, None, null, null),
            Kinds = [],
            Timeline = [new StepFigures(0, 0, 0, 0, None, null)],
            Percentiles = [],
        },
        Database = [],
        DatabaseLoad = 0,
    };
}
