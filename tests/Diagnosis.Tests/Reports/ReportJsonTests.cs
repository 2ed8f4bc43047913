using System.Text.Json;
using TByte.Functions.Diagnosis.Reports;

namespace TByte.Functions.Diagnosis.Tests.Reports;

public sealed class ReportJsonTests
{
    [Fact]
    public void What_was_written_is_read_back()
    {
        byte[] json = ReportJson.Write(SampleReport.Create());
        Assert.Equal(json, ReportJson.Write(ReportJson.ReadReport(json)));

        DiagnosisReport read = ReportJson.ReadReport(json);
        Assert.Equal(SampleReport.At, read.At);
        Assert.Equal(TimeSpan.FromMinutes(15), read.Window);
        Assert.Equal(SampleFindings.All[0].Remedy.Sql, read.Findings[0].Remedy.Sql);
        Assert.Equal(SampleFindings.All[0].Evidence, read.Findings[0].Evidence);
        Assert.Equal(Severity.Medium, read.Findings[2].Severity);
    }

    [Theory]
    [InlineData("")]
    [InlineData(OddText.Markup)]
    [InlineData(OddText.Escapes)]
    [InlineData("Größe 数 😀 \uFFFF \u2028")]
    public void Odd_text_comes_back_as_it_was(string text)
    {
        DiagnosisReport read = ReportJson.ReadReport(ReportJson.Write(OddText.Report(text)));

        Assert.Equal(text, read.Findings[0].What);
        Assert.Equal(text, read.Queries[0].Text);
        Assert.Equal(text, read.NotSeen[0].Grant);
        // JSON has no such numbers.
        Assert.True(double.IsNaN(read.Findings[0].Evidence[0].Value));
        Assert.Null(read.Servers[0].BusyShare);
    }

    [Fact]
    public void Half_a_character_does_not_keep_a_report_from_being_written() =>
        Assert.Equal("a\uFFFDb", ReportJson.ReadReport(ReportJson.Write(OddText.Report("a\uD800b"))).Findings[0].What);

    [Fact]
    public void Has_the_shape_that_is_promised()
    {
        JsonElement root = JsonDocument.Parse(ReportJson.Write(SampleReport.Create())).RootElement;

        Assert.Equal(["at", "took", "window", "findings", "servers", "queries", "cache", "notSeen", "history"], Names(root));
        JsonElement finding = root.GetProperty("findings")[0];
        Assert.Equal(["rule", "subject", "severity", "confidence", "what", "evidence", "effect", "remedy", "verify"], Names(finding));
        Assert.Equal("high", finding.GetProperty("severity").GetString());
        Assert.Equal(["name", "value", "unit", "threshold"], Names(finding.GetProperty("evidence")[0]));
        Assert.Equal(["text", "sql", "setting"], Names(finding.GetProperty("remedy")));
        Assert.Equal("2026-03-14T09:26:53+00:00", root.GetProperty("at").GetString());
        Assert.Equal("00:15:00", root.GetProperty("window").GetString());
        Assert.Equal(JsonValueKind.Null, root.GetProperty("servers")[0].GetProperty("problem").ValueKind);

        static IEnumerable<string> Names(JsonElement element) => element.EnumerateObject().Select(property => property.Name);
    }

    [Fact]
    public void A_memory_is_read_back()
    {
        ServerCounters counters = new(
            SampleReport.At,
            new Dictionary<long, StatementCounter> { [long.MinValue] = new(1, 2.5, 3, 4, 5) },
            new Dictionary<string, TableCounter> { ["\"odd Table\""] = new(1, 2, 3, 4, 5, 6) },
            new DatabaseCounter(1, 2, 3, 4, 5, 6));
        RedisMemory redis = new(
            new RedisCounter(Hits: null, Misses: null, 3, 4),
            5,
            new Dictionary<string, InstanceMemory> { ["a"] = new(new CacheUse(1, 2, 3, 4), 5) },
            new Dictionary<string, long> { ["postgres-primary"] = 7 });
        DiagnosisMemory memory = new(
            SampleReport.At, new Dictionary<string, ServerCounters> { ["postgres-primary"] = counters }, redis, [.. SampleReport.History(40)]);
        DiagnosisMemory read = ReportJson.ReadMemory(ReportJson.Write(memory));

        Assert.Equivalent(memory, read, strict: true);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"at": "2026-03-14T09:26:53Z", "history": null}""")]
    [InlineData("""{"at": "yesterday", "history": []}""")]
    [InlineData("""{"at": "2026-03-14T09:26:53Z", "history": [""")]
    public void What_is_no_memory_is_an_error_not_half_a_memory(string json) =>
        Assert.ThrowsAny<JsonException>(() => ReportJson.ReadMemory(System.Text.Encoding.UTF8.GetBytes(json)));
}
