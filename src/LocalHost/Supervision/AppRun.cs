using System;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using TByte.Functions.LocalHost.Hosting;
using TByte.Functions.LocalHost.Servers;

namespace TByte.Functions.LocalHost.Supervision;

/// <summary>What the process of one function app does.</summary>
internal static class AppRun
{
    public static async Task UntilStoppedAsync(string name, int port, CancellationToken stop)
    {
        FunctionAppDefinition app = FunctionApps.All.FirstOrDefault(app => app.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new UsageException($"There is no app '{name}'. There are {string.Join(", ", FunctionApps.All.Select(app => app.Name))}.");
        var options = new LocalFunctionAppOptions { Port = port, SettingsDirectory = Repository.Find() };
        await using LocalFunctionApp running = await LocalFunctionApp.StartAsync(app, options, stop);
        await running.WaitForShutdownAsync(stop);
    }
}
