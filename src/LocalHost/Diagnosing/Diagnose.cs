using System;
using System.IO;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using TByte.Functions.Diagnosis;
using TByte.Functions.Diagnosis.Reports;
using TByte.Functions.LocalHost.Supervision;

namespace TByte.Functions.LocalHost.Diagnosing;

/// <summary>Diagnoses a database, whoever's it is, and tells the result once.</summary>
internal sealed class Diagnose(DiagnoseOptions options, ReportOutput output)
{
    /// <summary>Exit code: PostgreSQL could not be reached.</summary>
    public const int Unreachable = 1;

    /// <summary>Exit code: what was asked for cannot be done.</summary>
    public const int Misused = 2;

    /// <param name="run">Looks at the target: <see cref="DiagnosisRun"/>.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(
        Func<DiagnosisTarget, TimeSpan, CancellationToken, Task<DiagnosisReport>> run, CancellationToken cancellationToken)
    {
        DiagnosisTarget target;
        try
        {
            target = options.Target();
        }
        catch (UsageException misuse)
        {
            await output.Progress.WriteLineAsync(misuse.Message);
            return Misused;
        }

        await output.Progress.WriteLineAsync(
            $"Looking at {PostgresAddress.Describe(target.Primary)}{(options.Watch > 0 ? $" for {options.Watch} s" : "")} ...");
        DiagnosisReport report = await run(target, TimeSpan.FromSeconds(options.Watch), cancellationToken);
        await output.Report.WriteAsync(options.Json
            ? Encoding.UTF8.GetString(ReportJson.Write(report)) + "\n"
            : ReportText.Write(report, output.Width, output.Colour));
        await WritePageAsync(report, cancellationToken);
        return report.Servers is [{ Problem: null }, ..] ? 0 : Unreachable;
    }

    private async Task WritePageAsync(DiagnosisReport report, CancellationToken cancellationToken)
    {
        if (options.HtmlFile is null)
            return;

        try
        {
            await File.WriteAllTextAsync(options.HtmlFile, ReportHtml.Write(report), cancellationToken);
            await output.Progress.WriteLineAsync($"The page is in {options.HtmlFile}.");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UsageException($"--html: {e.Message}");
        }
    }
}
