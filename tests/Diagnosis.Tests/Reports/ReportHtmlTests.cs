using System.Text.RegularExpressions;
using System.Xml.Linq;
using TByte.Functions.Diagnosis.Reports;

namespace TByte.Functions.Diagnosis.Tests.Reports;

public sealed partial class ReportHtmlTests
{
    private static readonly string[] Elements =
    [
        "html", "head", "meta", "title", "style", "body", "header", "main", "footer", "section", "nav", "article", "h1", "h2", "h3", "h4", "p",
        "a", "span", "strong", "time", "ol", "ul", "li", "dl", "dt", "dd", "div", "table", "caption", "thead", "tbody", "tr", "th", "td", "pre",
        "code", "figure", "figcaption", "svg", "path", "rect",
    ];

    [Fact]
    public void Says_everything_that_the_report_says()
    {
        DiagnosisReport report = SampleReport.Create();
        string text = Text(Page(report));

        Assert.Contains("2 of 8 findings cost readers time or answers now", text, StringComparison.Ordinal);
        foreach (Finding finding in report.Findings)
        {
            IEnumerable<string> parts =
            [
                finding.Rule, finding.Subject, finding.Severity.ToString(), finding.What, finding.Effect, finding.Verify, finding.Remedy.Text,
                .. finding.Remedy.Sql, .. finding.Evidence.Select(measured => measured.Name),
            ];
            Assert.All(parts, part => Assert.Contains(part, text, StringComparison.Ordinal));
        }
        Assert.All(report.Queries, query => Assert.Contains(query.Text, text, StringComparison.Ordinal));
        Assert.All(report.NotSeen, hidden => Assert.Contains(hidden.Reason, text, StringComparison.Ordinal));
        foreach (string figure in (string[])["21,344", "205/s", "12.4 GiB", "184 of 197", "840 ms", "413 ms", "9.4 %", "no connection within 5 s", "grant pg_read_all_stats to shop_diagnosis;"])
            Assert.Contains(figure, text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(OddText.Markup)]
    [InlineData(OddText.Escapes)]
    [InlineData("a\uD800b")]
    [InlineData("]]>--></style></title>")]
    public void Text_of_others_stays_text(string text)
    {
        XElement page = Page(OddText.Report(text));

        Assert.All(page.DescendantsAndSelf(), element => Assert.Contains(element.Name.LocalName, Elements));
        Assert.DoesNotContain(page.Descendants().Attributes(), attribute => attribute.Name.LocalName.StartsWith("on", StringComparison.OrdinalIgnoreCase));
        Assert.Equal(
            page.DescendantsAndSelf().Select(element => element.Name),
            Page(OddText.Report("plain")).DescendantsAndSelf().Select(element => element.Name));
        Assert.DoesNotContain(Text(page), character => character is '\u001b' or '\u202E' or '\u2066' or '\0' or '\u009b' or '\u0007');
    }

    [Fact]
    public void Markup_of_others_is_shown_as_it_is() => Assert.Contains(OddText.Markup, Text(Page(OddText.Report(OddText.Markup))), StringComparison.Ordinal);

    [Fact]
    public void Needs_nothing_from_elsewhere_and_runs_nothing()
    {
        string html = ReportHtml.Write(SampleReport.Create());
        XElement page = Page(SampleReport.Create());

        Assert.Contains(page.Descendants("meta"), meta => (string?)meta.Attribute("http-equiv") == "Content-Security-Policy"
            && (string?)meta.Attribute("content") == "default-src 'none'; style-src 'unsafe-inline'");
        Assert.DoesNotContain(page.Descendants().Attributes(), attribute => attribute.Name.LocalName is "src" or "srcset" or "action" or "style");
        Assert.All(page.Descendants().Attributes("href"), link => Assert.StartsWith("#finding-", link.Value, StringComparison.Ordinal));
        Assert.DoesNotContain("url(", html, StringComparison.Ordinal);
        Assert.DoesNotContain("@import", html, StringComparison.Ordinal);
        Assert.DoesNotContain("http:", html, StringComparison.Ordinal);
        Assert.DoesNotContain("https:", html, StringComparison.Ordinal);
    }

    [Fact]
    public void Can_be_read_by_those_who_do_not_see_it()
    {
        XElement page = Page(SampleReport.Create());

        Assert.Equal("en", (string?)page.Attribute("lang"));
        Assert.Single(page.Descendants("h1"));
        Assert.All(page.Descendants("th"), heading => Assert.NotNull(heading.Attribute("scope")));
        Assert.All(page.Descendants("table"), table => Assert.Single(table.Elements("caption")));
        Assert.All(page.Descendants("svg"), drawing => Assert.True(drawing.Attribute("aria-label") is not null || drawing.Attribute("aria-hidden") is not null));
        string[] ids = [.. page.Descendants().Attributes("id").Select(id => id.Value)];
        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.All(page.Descendants().Attributes("aria-labelledby"), label => Assert.Contains(label.Value, ids));
        Assert.All(page.Descendants().Attributes("href"), link => Assert.Contains(link.Value[1..], ids));
    }

    [Fact]
    public void Stays_bounded_whatever_the_report_holds()
    {
        string large = new('x', 1_000_000);
        DiagnosisReport one = OddText.Report(large);
        DiagnosisReport report = one with
        {
            Findings = [.. Enumerable.Repeat(one.Findings[0] with { Evidence = [.. Enumerable.Repeat(one.Findings[0].Evidence[0], 1_000)] }, 1_000)],
            Queries = [.. Enumerable.Repeat(one.Queries[0], 1_000)],
            NotSeen = [.. Enumerable.Repeat(one.NotSeen[0], 1_000)],
            History = [.. SampleReport.History(100_000)],
        };

        string html = ReportHtml.Write(report);
        Assert.InRange(html.Length, 100_000, 6_000_000);
        Assert.Contains("900 more are in the JSON.", html, StringComparison.Ordinal);
        Assert.Contains("(998,000 more characters)", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(1, 0, 1)]
    [InlineData(2, 1, 1)]
    [InlineData(48, 46 - 8, 1)]
    [InlineData(500, 498 - 8, 1)]
    public void A_chart_draws_any_number_of_runs(int runs, int lines, int dots)
    {
        XElement page = Page(SampleReport.Create() with { History = [.. SampleReport.History(runs)] });
        XElement[] charts = [.. page.Descendants("figure")];

        Assert.Equal(4, charts.Length);
        Assert.All(charts, chart =>
        {
            Assert.Equal(lines, Path(chart, "line").Count(step => step == 'L'));
            Assert.Equal(dots, Path(chart, "dots").Count(step => step == 'M'));
            foreach (Match number in Coordinates().Matches(Path(chart, "line")))
                Assert.InRange(double.Parse(number.Value, null), 0, 600);
        });

        static string Path(XElement chart, string of) => (string)chart.Descendants("path").Single(path => (string?)path.Attribute("class") == of).Attribute("d")!;
    }

    [Fact]
    public void A_value_that_was_never_known_has_no_chart()
    {
        HistoryPoint unknown = new(SampleReport.At, null, null, null, double.NaN, null, 0, 0);
        XElement page = Page(SampleReport.Create() with { History = [unknown, unknown] });

        Assert.Equal(4, page.Descendants("figure").Count());
        Assert.Empty(page.Descendants("path"));
    }

    [Theory]
    [InlineData(true, "Nothing was found that slows the shop down")]
    [InlineData(false, "The primary could not be looked at; of the rest: nothing was found that slows the shop down")]
    public void Does_not_call_well_what_it_has_not_seen(bool answered, string verdict)
    {
        DiagnosisReport report = new(SampleReport.At, default, default, [], [new("postgres-primary", "primary", answered ? null : "refused")], [], null, [], []);
        Assert.Equal(verdict, Page(report).Descendants("h1").Single().Value);
    }

    // The page is written so that it is XML too, but for its void elements.
    private static XElement Page(DiagnosisReport report)
    {
        string html = ReportHtml.Write(report);
        Assert.StartsWith("<!doctype html>\n", html, StringComparison.Ordinal);
        return XElement.Parse(VoidElements().Replace(html["<!doctype html>\n".Length..], "$0</meta>"), LoadOptions.PreserveWhitespace);
    }

    private static string Text(XElement page) => page.Element("body")!.Value;

    [GeneratedRegex("<meta [^>]*>")]
    private static partial Regex VoidElements();

    [GeneratedRegex("[0-9.]+")]
    private static partial Regex Coordinates();
}
