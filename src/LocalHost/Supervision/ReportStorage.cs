using System;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using TByte.Functions.LocalHost.Hosting;
using TByte.Functions.LocalHost.Servers;

namespace TByte.Functions.LocalHost.Supervision;

/// <summary>The blob storage that keeps reports of the diagnosis: Azurite, unless the caller has set one.</summary>
internal static class ReportStorage
{
    /// <summary>The name of the server, in the log and in the state.</summary>
    public const string Name = "azurite";

    /// <summary>Null when it is not wanted or cannot run, which is said: the shop runs without.</summary>
    public static async Task<AzuriteProcess?> StartAsync(int port, LocalState state, Terminal terminal, CancellationToken cancellationToken)
    {
        string repository = Repository.Find();
        if (IsSet(repository))
            return null;
        if (!AzuriteProcess.IsInstalled(repository))
        {
            terminal.Say($"Azurite is not installed, so reports of the diagnosis are not kept. Run 'npm ci' in '{repository}' to have it.");
            return null;
        }

        try
        {
            return await AzuriteProcess.StartAsync(repository, Path.Combine(state.Directory, Name), port, terminal.Of(Name), cancellationToken);
        }
        catch (Exception e) when (e is InvalidOperationException or TimeoutException)
        {
            terminal.Say($"Reports of the diagnosis are not kept. {e.Message}");
            return null;
        }
    }

    /// <summary>Whether one of the apps that use reports is told where they are kept, in its file, in user secrets or in the environment.</summary>
    private static bool IsSet(string repository) => ((FunctionAppDefinition[])[FunctionApps.Api, FunctionApps.Maintenance])
        .Select(app => HostSettings.Load(app.Name, new LocalFunctionAppOptions { SettingsDirectory = repository }))
        .Any(settings => !string.IsNullOrEmpty(settings["Reports:Connection"]) || !string.IsNullOrEmpty(settings["Reports:AccountUrl"]));
}
