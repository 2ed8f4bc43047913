using TByte.Functions.Diagnosis.Reports;

namespace TByte.Functions.Diagnosis.Tests.Reports;

public sealed class ReportSummaryTests
{
    [Fact]
    public void Names_findings_as_long_as_there_is_room()
    {
        string summary = ReportSummary.Of(SampleReport.Create());
        Assert.StartsWith("8 findings, 2 high: missing-index orders; cache-misses product; ", summary, StringComparison.Ordinal);
        Assert.EndsWith("setting random_page_cost", summary, StringComparison.Ordinal);

        DiagnosisReport many = SampleReport.Create() with { Findings = [.. Enumerable.Repeat(SampleFindings.All[0], 300)] };
        string cut = ReportSummary.Of(many);
        Assert.InRange(cut.Length, 300, 500);
        int named = cut.Split("missing-index").Length - 1;
        Assert.EndsWith($"; {300 - named} more", cut, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(OddText.Escapes)]
    [InlineData("a\nb")]
    public void Is_one_line(string text)
    {
        string summary = ReportSummary.Of(OddText.Report(text));
        Assert.DoesNotContain(summary, char.IsControl);
        Assert.InRange(summary.Length, 10, 500);
    }

    [Fact]
    public void Says_when_nothing_was_found_or_seen()
    {
        DiagnosisReport report = SampleReport.Create() with { Findings = [] };
        Assert.Equal("No findings", ReportSummary.Of(report));
        Assert.Equal("No findings, the primary could not be looked at", ReportSummary.Of(report with { Servers = [report.Servers[2]] }));
        Assert.StartsWith("1 finding, 1 high: ", ReportSummary.Of(report with { Findings = [SampleFindings.All[0]] }), StringComparison.Ordinal);
    }
}
