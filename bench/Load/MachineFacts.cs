using System.Globalization;
using System.Runtime.InteropServices;

namespace TByte.Functions.Load;

/// <summary>What a figure depends on besides the program.</summary>
internal static class MachineFacts
{
    public static string Describe() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Processor()}, {Environment.ProcessorCount} processors, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}, load {LoadAverage()}");

    /// <summary>How busy the machine is: figures that were taken beside other work are not to be trusted.</summary>
    public static string LoadAverage() => ReadLine("/proc/loadavg", "") is { } line ? line.Split(' ')[0] : "unknown";

    private static string Processor() =>
        ReadLine("/proc/cpuinfo", "model name") is { } line ? line[(line.IndexOf(':', StringComparison.Ordinal) + 2)..] : "unknown processor";

    private static string? ReadLine(string file, string start) =>
        File.Exists(file) ? File.ReadLines(file).FirstOrDefault(line => line.StartsWith(start, StringComparison.Ordinal)) : null;
}
