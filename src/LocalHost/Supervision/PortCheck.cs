using System.Collections.Generic;
using System.Linq;
using TByte.Functions.LocalHost.Servers;

namespace TByte.Functions.LocalHost.Supervision;

/// <summary>Refuses to start anything as long as one of the ports is taken.</summary>
internal static class PortCheck
{
    public static void Require(RunOptions options)
    {
        string[] taken = [.. Ports(options).Where(port => !LocalPorts.IsFree(port.Number)).Select(port => $"{port.Number} ({port.App})")];
        if (taken.Length > 0)
        {
            throw new UsageException(
                $"Port {string.Join(", ", taken)} on 127.0.0.1 is taken. Choose another with --port "
                + "(further instances follow it, Warmup is 100 above it, Maintenance 200).");
        }
    }

    private static IEnumerable<(int Number, string App)> Ports(RunOptions options) =>
    [
        .. Enumerable.Range(0, options.Instances).Select(i => (options.Port + i, AppNames.Api(i, options.Instances))),
        (options.WarmupPort, AppNames.Warmup),
        (options.MaintenancePort, AppNames.Maintenance),
    ];
}
