namespace TByte.Functions.IncidentReplay.Reports.Replay;

/// <summary>The files of a replay.</summary>
internal static class ReplayFiles
{
    public const string Page = "report.html";
    public const string Json = "report.json";
    public const string Text = "report.md";
    public const string Histograms = "histograms.hlog";
    public const string Picture = "before-after.svg";

    /// <summary>Writes each as a whole or not at all, over what was there.</summary>
    /// <param name="report">What was measured.</param>
    /// <param name="directory">Made when it is not there.</param>
    /// <param name="cancellationToken">Leaves the files that are written already.</param>
    /// <exception cref="IOException">It cannot be written there; nor with <see cref="UnauthorizedAccessException"/>.</exception>
    public static async Task WriteAsync(ReplayReport report, string directory, CancellationToken cancellationToken)
    {
        (string Name, string Content)[] files =
        [
            (Page, ReplayPage.Write(report)),
            (Json, ReportJson.Write(report)),
            (Text, ReplayText.Write(report)),
            (Histograms, HistogramLog.Write(report)),
            (Picture, BeforeAfterPicture.Draw(report)),
        ];
        Directory.CreateDirectory(directory);
        foreach ((string name, string content) in files)
            await WriteWholeAsync(Path.Combine(directory, name), content, cancellationToken);
    }

    private static async Task WriteWholeAsync(string file, string content, CancellationToken cancellationToken)
    {
        string half = $"{file}.{Guid.NewGuid():N}.tmp";
        try
        {
            await File.WriteAllTextAsync(half, content, cancellationToken);
            File.Move(half, file, overwrite: true);
        }
        catch
        {
            File.Delete(half);
            throw;
        }
    }
}
