using System.Globalization;
using System.Threading;
using System.Threading.Tasks;
using Garnet;

namespace TByte.Functions.LocalHost.Servers;

/// <summary>Redis for development: Garnet in a process of its own, empty at every start.</summary>
internal static class GarnetCommand
{
    /// <summary>The verb of the command line that runs it.</summary>
    public const string Verb = "garnet";

    public static KeeperOrders Orders(int port) =>
        new(LocalHostCommand.Dotnet(), [LocalHostCommand.Assembly, Verb, "--port", port.ToString(CultureInfo.InvariantCulture)]);

    /// <summary>What that process does, until it is told to end.</summary>
    public static async Task<int> RunAsync(int port, CancellationToken cancellationToken)
    {
        // Without transaction mode its scripts are not atomic.
        string[] arguments =
        [
            "--port", port.ToString(CultureInfo.InvariantCulture), "--bind", "127.0.0.1", "--lua", "--lua-transaction-mode", "true",
            "--memory", "512m", "--index", "64m", "-q", "--logger-level", "Error",
        ];
        using var server = new GarnetServer(arguments);
        server.Start();
        await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return 0;
    }
}
