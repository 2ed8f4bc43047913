using Npgsql;
using TByte.Functions.IncidentReplay.Reports.Replay;
using TByte.Functions.Load;
using TByte.Functions.LocalHost.Supervision;

namespace TByte.Functions.IncidentReplay.Replaying;

/// <summary>Replays the incident on servers of its own, and reports.</summary>
internal sealed class ReplayRun(ReplayOptions options, CommandOutput output, TimeProvider time)
{
    /// <returns>Whether everything is reached that must be.</returns>
    /// <exception cref="UsageException">Something is not as it must be.</exception>
    /// <exception cref="ReplayException">It cannot be replayed here.</exception>
    public async Task<bool> RunAsync(CommandStop stop)
    {
        options.Check();
        long began = time.GetTimestamp();
        // Before the machine is busy with the replay itself.
        string machine = MachineFacts.Describe();
        ReplayReport report = await ReplayAsync(machine, Say, stop.Sending);
        await ReplayFiles.WriteAsync(report, options.Output, CancellationToken.None);
        await output.Report.WriteAsync(ReplayText.Write(report));
        Say($"The report is in {Path.Combine(options.Output, "report.html")}.");
        return report.IsReached;

        void Say(string what) => output.Progress.WriteLine($"{time.GetElapsedTime(began):mm\\:ss}  {what}");
    }

    private async Task<ReplayReport> ReplayAsync(string machine, Action<string> say, CancellationToken cancellationToken)
    {
        try
        {
            await using Stage stage = await Stage.SetAsync(options.Scale, options.TraceFile, say, cancellationToken);
            return await new Replay(options, stage, machine, time).RunAsync(cancellationToken);
        }
        catch (Exception e) when (e is InvalidOperationException or TimeoutException or NpgsqlException)
        {
            // A server has not started, or not come back; the message says which.
            throw new ReplayException($"The replay cannot go on: {e.Message}");
        }
    }
}
