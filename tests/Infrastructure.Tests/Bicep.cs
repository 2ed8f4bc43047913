using System.Diagnostics;
using System.Reflection;

namespace TByte.Functions.Infrastructure.Tests;

/// <summary>The Bicep command line of the NuGet package that the project file pins.</summary>
internal static class Bicep
{
    /// <summary>Where the templates lie.</summary>
    public static string Folder { get; } = Path.Combine(Metadata("Repository"), "infra", "bicep");

    /// <summary>The root of the working copy.</summary>
    public static string Repository { get; } = Metadata("Repository");

    /// <summary>Runs it, and returns all that it has printed.</summary>
    public static async Task<BicepResult> RunAsync(params string[] arguments)
    {
        ProcessStartInfo start = new(Metadata("BicepCommand"), arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in DeploymentVariables.All)
            start.Environment[name] = value;

        using Process bicep = Process.Start(start)!;
        Task<string> output = bicep.StandardOutput.ReadToEndAsync();
        Task<string> error = bicep.StandardError.ReadToEndAsync();
        await bicep.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new BicepResult(bicep.ExitCode, await output, await error);
    }

    private static string Metadata(string key) => typeof(Bicep).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == key).Value!;
}
