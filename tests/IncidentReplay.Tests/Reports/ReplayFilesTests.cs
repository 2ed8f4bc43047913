using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml.Linq;
using HdrHistogram;
using TByte.Functions.IncidentReplay.Reports;
using TByte.Functions.IncidentReplay.Reports.Replay;

namespace TByte.Functions.IncidentReplay.Tests.Reports;

public sealed class ReplayFilesTests : IDisposable
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("tbyte-replay-");

    [Fact]
    public async Task All_files_are_there_and_nothing_else()
    {
        string directory = Path.Combine(_directory.FullName, "of", "a", "run");
        await WriteAsync(MadeUpReplay.Quick(), directory);
        await WriteAsync(MadeUpReplay.Whole(), directory);

        Assert.Equal(
            ["before-after.svg", "histograms.hlog", "report.html", "report.json", "report.md"],
            Directory.GetFiles(directory).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(ReplayPage.Write(MadeUpReplay.Whole()), await File.ReadAllTextAsync(Path.Combine(directory, "report.html"), TestContext.Current.CancellationToken));
        Assert.Equal(ReplayText.Write(MadeUpReplay.Whole()), await File.ReadAllTextAsync(Path.Combine(directory, "report.md"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task What_cannot_be_written_leaves_no_half()
    {
        // A directory of that name is in the way.
        _directory.CreateSubdirectory("report.html");

        await Assert.ThrowsAnyAsync<Exception>(() => WriteAsync(MadeUpReplay.Quick(), _directory.FullName));

        Assert.Equal(["report.html"], _directory.GetFileSystemInfos().Select(static file => file.Name));
    }

    [Fact]
    public async Task Json_is_read_as_it_was_written()
    {
        ReplayReport whole = MadeUpReplay.Whole();
        await WriteAsync(whole, _directory.FullName);
        string json = await ReadAsync("report.json");

        ReplayReport read = JsonSerializer.Deserialize<ReplayReport>(json, JsonSerializerOptions.Web)!;

        Assert.Equivalent(whole, read, strict: true);
        Assert.Equal(ReportJson.Write(whole), ReportJson.Write(read));
        JsonNode root = JsonNode.Parse(json)!;
        Assert.Equal(1, (int)root["format"]!);
        Assert.Equal(50, (double)root["setUp"]!["offeredRate"]!);
        Assert.Equal(whole.Before.Load.Histogram, (string)root["before"]!["load"]!["histogram"]!);
    }

    [Fact]
    public async Task Histograms_are_read_back_by_the_library()
    {
        ReplayReport whole = MadeUpReplay.Whole();
        await WriteAsync(whole, _directory.FullName);
        await using FileStream log = File.OpenRead(Path.Combine(_directory.FullName, "histograms.hlog"));

        using HistogramLogReader reader = new(log);
        HistogramBase[] read = [.. reader.ReadHistograms()];

        MeasuredRun[] runs = [whole.Before, whole.After, whole.Outages[0].Run!, whole.Outages[1].Run!];
        Assert.Equal(["before", "after", "outage-redis", "outage-primary"], read.Select(static histogram => histogram.Tag));
        foreach ((HistogramBase histogram, MeasuredRun run) in read.Zip(runs))
        {
            LoadReport load = run.Load;
            Assert.Equal(load.Percentiles[^1].Requests, histogram.TotalCount);
            Assert.Equal(load.All.Latency.P50, histogram.GetValueAtPercentile(50) / 1_000.0);
            Assert.Equal(load.All.Latency.P95, histogram.GetValueAtPercentile(95) / 1_000.0);
            Assert.Equal(load.All.Latency.P99, histogram.GetValueAtPercentile(99) / 1_000.0);
            Assert.Equal(load.All.Latency.Max, histogram.GetValueAtPercentile(100) / 1_000.0);
            Assert.Equal(load.StartedAt.ToUnixTimeMilliseconds() + 3_000, histogram.StartTimeStamp);
            Assert.Equal(90_000, histogram.EndTimeStamp - histogram.StartTimeStamp);
        }
    }

    [Fact]
    public async Task The_picture_is_a_whole_and_needs_nothing_from_elsewhere()
    {
        ReplayReport whole = MadeUpReplay.Whole();
        await WriteAsync(whole, _directory.FullName);

        XElement picture = XDocument.Parse(await ReadAsync("before-after.svg")).Root!;

        Assert.Equal(Svg + "svg", picture.Name);
        Assert.Equal("Latency p95 of the same load, before and after", picture.Element(Svg + "title")!.Value);
        Assert.Contains(Milliseconds.Text(whole.After.Load.All.Latency.P95), picture.Element(Svg + "desc")!.Value, StringComparison.Ordinal);
        foreach (string state in (string[])["before", "after"])
        {
            XElement[] lines = [.. picture.Elements(Svg + "path").Where(path => (string?)path.Attribute("class") == state)];
            Assert.Equal(2, lines.Length);
            Assert.Equal(whole.Before.Load.Timeline.Count - 1, lines[1].Attribute("d")!.Value.Count(static letter => letter == 'L'));
        }

        foreach (string load in (string[])["href", "url(", "@import", "<script", "<image"])
            Assert.DoesNotContain(load, picture.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    public void Dispose() => _directory.Delete(recursive: true);

    private static Task WriteAsync(ReplayReport report, string directory) => ReplayFiles.WriteAsync(report, directory, TestContext.Current.CancellationToken);

    private Task<string> ReadAsync(string file) => File.ReadAllTextAsync(Path.Combine(_directory.FullName, file), TestContext.Current.CancellationToken);
}
