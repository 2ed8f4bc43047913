using System;
using System.IO;

namespace TByte.Functions.LocalHost.Diagnosing;

/// <summary>Where a report is printed, and what can be shown there.</summary>
internal sealed record ReportOutput(TextWriter Report, TextWriter Progress, int Width, bool Colour)
{
    private const int WidthOfFiles = 100;

    /// <summary>The terminal, or what it is redirected to: colours only where they are seen and wanted.</summary>
    public static ReportOutput Console
    {
        get
        {
            bool isTerminal = !System.Console.IsOutputRedirected;
            bool isColourWanted = string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Environment.GetEnvironmentVariable("TERM") != "dumb";
            return new ReportOutput(
                System.Console.Out, System.Console.Error, isTerminal ? System.Console.WindowWidth : WidthOfFiles, isTerminal && isColourWanted);
        }
    }
}
