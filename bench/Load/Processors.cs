using System.Diagnostics;
using System.Globalization;
using TByte.Functions.LocalHost.Servers;

namespace TByte.Functions.Load;

/// <summary>Deals out the machine's processors, so that a database counts as if it ran on a machine of its own.</summary>
internal static class Processors
{
    /// <summary>Gives the database the last processor and what else belongs to this program the others; false where that cannot be done.</summary>
    public static async Task<bool> SetApartAsync(IReadOnlyList<int> database, CancellationToken cancellationToken)
    {
        if (!OperatingSystem.IsLinux() || Environment.ProcessorCount < 2)
            return false;

        int last = Environment.ProcessorCount - 1;
        bool isDone = true;
        foreach (int id in database)
            isDone &= await SetAsync(id, $"{last}", cancellationToken);
        foreach (int id in ProcessTree.Of(Environment.ProcessId).Except(database))
            isDone &= await SetAsync(id, $"0-{last - 1}", cancellationToken);
        return isDone;
    }

    // With all threads that it has; those that come later take after their makers.
    private static async Task<bool> SetAsync(int processId, string processors, CancellationToken cancellationToken)
    {
        string id = processId.ToString(CultureInfo.InvariantCulture);
        ProcessStartInfo taskset = new("taskset", ["--all-tasks", "--cpu-list", "--pid", processors, id])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        try
        {
            using Process process = Process.Start(taskset)!;
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
