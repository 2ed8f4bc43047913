using System.Diagnostics;
using System.Reflection;

namespace TByte.Functions.Infrastructure.Tests;

/// <summary>The Bicep command line of the NuGet package that the project file pins.</summary>
internal static class Bicep
{
    // Where a snapshot says that it would be deployed; the same as in ./dev infra.
    public const string TenantId = "00000000-0000-0000-0000-000000000001";
    public const string SubscriptionId = "00000000-0000-0000-0000-000000000000";
    public const string Location = "westeurope";
    public const string DeploymentName = "main";

    /// <summary>The root of the working copy.</summary>
    public static string Repository { get; } = Metadata("Repository");

    /// <summary>Where the templates lie.</summary>
    public static string Folder { get; } = Path.Combine(Repository, "infra", "bicep");

    public static string ResourceGroup(string environment) => $"rg-shop-{environment}";

    /// <summary>Lints files of a folder, and returns all that is printed.</summary>
    public static async Task<BicepResult> LintAsync(string folder, string files)
    {
        ProcessStartInfo start = Start(["lint", "--pattern", files], []);
        start.WorkingDirectory = folder;
        using Process bicep = Process.Start(start)!;
        Task<string> output = bicep.StandardOutput.ReadToEndAsync();
        Task<string> error = bicep.StandardError.ReadToEndAsync();
        await bicep.WaitForExitAsync(TestContext.Current.CancellationToken);
        return new BicepResult(bicep.ExitCode, await output, await error);
    }

    /// <summary>How it is started; <paramref name="variables"/> replace those of every deployment.</summary>
    public static ProcessStartInfo Start(IEnumerable<string> arguments, IEnumerable<(string Name, string Value)> variables)
    {
        ProcessStartInfo start = new(Metadata("BicepCommand"), arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach ((string name, string value) in DeploymentVariables.All.Concat(variables))
            start.Environment[name] = value;
        return start;
    }

    private static string Metadata(string key) => typeof(Bicep).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == key).Value!;
}
