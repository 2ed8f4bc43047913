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

    /// <summary>Writes, or compares with the file beside it, what would be deployed with a parameter file: mode overwrite or validate.</summary>
    public static Task<BicepResult> SnapshotAsync(string mode, string parameters, string environment, params (string Name, string Value)[] variables) => RunAsync(
        ["snapshot", parameters, "--mode", mode, "--location", "westeurope", "--deployment-name", "main", "--resource-group", $"rg-shop-{environment}",
            "--subscription-id", "00000000-0000-0000-0000-000000000000", "--tenant-id", "00000000-0000-0000-0000-000000000001"],
        variables);

    /// <summary>Runs it, and returns all that it has printed.</summary>
    public static Task<BicepResult> RunAsync(params string[] arguments) => RunAsync(arguments, []);

    private static async Task<BicepResult> RunAsync(string[] arguments, IEnumerable<(string Name, string Value)> variables)
    {
        ProcessStartInfo start = new(Metadata("BicepCommand"), arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in DeploymentVariables.All.Concat(variables))
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
