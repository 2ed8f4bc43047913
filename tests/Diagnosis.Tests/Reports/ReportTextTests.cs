using TByte.Functions.Diagnosis.Reports;

namespace TByte.Functions.Diagnosis.Tests.Reports;

public sealed class ReportTextTests
{
    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    public void No_line_but_a_statement_is_wider_than_the_terminal(int width)
    {
        DiagnosisReport report = SampleReport.Create();
        HashSet<string> statements =
        [
            .. report.Findings.SelectMany(finding => finding.Remedy.Sql).Select(statement => statement + ";"),
        ];

        string text = ReportText.Write(report, width, colour: false);

        Assert.All(text.Split('\n'), line => Assert.True(line.Length <= width || statements.Contains(line.Trim()), line));
        Assert.Contains("create index concurrently ix_orders_user_id_created_at_id on orders (user_id, created_at desc, id desc) include (total_amount, status);", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Says_everything_that_the_report_says()
    {
        DiagnosisReport report = SampleReport.Create();
        string text = string.Join(' ', ReportText.Write(report, 120, colour: false).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));

        Assert.StartsWith("2 of 8 findings cost readers time or answers now.", text, StringComparison.Ordinal);
        foreach (Finding finding in report.Findings)
        {
            IEnumerable<string> parts =
                [finding.Severity.ToString().ToUpperInvariant(), finding.Rule, finding.Subject, finding.What, finding.Effect, finding.Verify, finding.Remedy.Text];
            Assert.All(parts, part => Assert.Contains(part, text, StringComparison.Ordinal));
        }
        foreach (string figure in (string[])["21,344", "(bound 100)", "no connection within 5 s", "grant pg_read_all_stats to shop_diagnosis;", "82 % → 7.09 %", "475 MiB of 512 MiB"])
            Assert.Contains(figure, text, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_colour_there_is_no_escape()
    {
        Assert.DoesNotContain('\u001b', ReportText.Write(SampleReport.Create(), 100, colour: false));
        Assert.Contains("\u001b[1;31mHIGH\u001b[0m", ReportText.Write(SampleReport.Create(), 100, colour: true), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(OddText.Escapes)]
    [InlineData(OddText.Markup)]
    [InlineData("a\uD800b")]
    public void Text_of_others_does_not_steer_the_terminal(string odd)
    {
        string text = ReportText.Write(OddText.Report(odd), 100, colour: false);

        Assert.DoesNotContain(text, character => character != '\n' && (char.IsControl(character) || character is '\u202E' or '\u2066'));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(int.MaxValue)]
    public void Any_width_will_do(int width) => Assert.NotEmpty(ReportText.Write(OddText.Report(string.Concat(Enumerable.Repeat("😀", 3_000))), width, colour: true));
}
