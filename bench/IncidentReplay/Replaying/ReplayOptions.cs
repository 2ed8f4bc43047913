using TByte.Functions.LocalHost.Supervision;

namespace TByte.Functions.IncidentReplay.Replaying;

/// <summary>What of the replay a caller chooses.</summary>
/// <param name="IsQuick">The direction alone, in minutes.</param>
/// <param name="TraceFile">A shop's real sales, which say who reads what; null for generated ones.</param>
/// <param name="Output">The directory of the report.</param>
internal sealed record ReplayOptions(bool IsQuick, string? TraceFile, string Output)
{
    public ReplayScale Scale => IsQuick ? ReplayScale.Quick : ReplayScale.Full;

    /// <summary>The command that does the same.</summary>
    public string Command =>
        "./dev incident" + (IsQuick ? " --quick" : "") + (TraceFile is null ? "" : $" --trace {Path.GetFileName(TraceFile)}");

    /// <exception cref="UsageException">Something is not as it must be.</exception>
    public void Check()
    {
        if (!Directory.Exists("/proc/self"))
            throw new UsageException("The replay counts the processor time of servers in /proc, so it runs on Linux alone (on Windows: in WSL). --target runs anywhere.");
        LoadOptions.CheckTrace(TraceFile);
        // Before minutes are spent on what could not be written.
        try
        {
            Directory.CreateDirectory(Output);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new UsageException($"--output: {e.Message}");
        }
    }
}
