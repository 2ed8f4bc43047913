using TByte.Functions.IncidentReplay.Reports;
using TByte.Functions.IncidentReplay.Target;
using TByte.Functions.IncidentReplay.Traffic;
using TByte.Functions.Load;
using TByte.Functions.LocalHost.Data;
using TByte.Functions.LocalHost.Supervision;

namespace TByte.Functions.IncidentReplay;

/// <summary>Looks at what the target has, sends it the load, and reports.</summary>
internal sealed class TargetRun(LoadOptions options, CommandOutput output, TimeProvider time)
{
    /// <returns>Whether the objectives hold.</returns>
    /// <exception cref="UsageException">Something is not as it must be.</exception>
    /// <exception cref="TargetException">The target cannot be reached, or is not the shop.</exception>
    public async Task<bool> RunAsync(CommandStop stop)
    {
        Uri origin = options.Check();
        using TargetClient client = new([origin], options);
        await output.Progress.WriteLineAsync($"Looking at what {Name(origin)} has ...");
        TargetContents contents = await new TargetSurvey(client).RunAsync(options.Token is not null, stop.Sending);
        await output.Progress.WriteLineAsync(
            $"{contents.Products.Count} products, {contents.Pages.Count} pages, {contents.Orders.Count} orders, {contents.Customers.Count} customers; "
            + $"{options.Rate} requests/s for {options.Seconds} s after {options.WarmUp.TotalSeconds} s that are not counted.");

        Tally tally = new(options.WarmUp, TimeSpan.FromSeconds(options.Seconds));
        DateTimeOffset startedAt = time.GetUtcNow();
        LoadRun run;
        using (CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(stop.Waiting))
        {
            Task progress = LoadProgress.ShowAsync(tally, output.Progress.WriteLine, time, over.Token);
            run = await new TargetLoad(options, client, MixOf(contents, stop.Sending), tally).RunAsync(stop);
            await over.CancelAsync();
            await progress;
        }

        LoadReport report = new ReportBuilder(options, contents, tally, run).Build(startedAt, Name(origin), MachineFacts.Describe());
        await output.Report.WriteAsync(ReportText.Write(report));
        await WriteFileAsync("--json", options.JsonFile, () => ReportJson.Write(report));
        await WriteFileAsync("--html", options.HtmlFile, () => ReportPage.Write(report));
        return report.IsHeld;
    }

    private RequestMix MixOf(TargetContents contents, CancellationToken cancellationToken)
    {
        if (options.TraceFile is not { } file)
            return new RequestMix(contents);
        try
        {
            return new RequestMix(contents, RecordedShoppers.Read(file, cancellationToken).In(contents.Products.Count, Math.Max(1, contents.Customers.Count)));
        }
        catch (SeedException unreadable)
        {
            throw new UsageException($"--trace: {unreadable.Message}");
        }
    }

    private static string Name(Uri origin) => origin.GetLeftPart(UriPartial.Authority);

    // Not ended by Ctrl-C, which asks for the report of what there is.
    private async Task WriteFileAsync(string option, string? file, Func<string> content)
    {
        if (file is null)
            return;
        try
        {
            await File.WriteAllTextAsync(file, content(), CancellationToken.None);
            await output.Progress.WriteLineAsync($"The report is in {file}.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"{option}: {e.Message}");
        }
    }
}
