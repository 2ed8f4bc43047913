using System.CommandLine;
using TByte.Functions.LocalHost.Servers;

namespace TByte.Functions.LocalHost.Supervision;

/// <summary>The verbs of <c>dotnet run --project src/LocalHost</c>.</summary>
internal static class Verbs
{
    public static int Run(string[] arguments)
    {
        var root = new RootCommand("Runs the shop's function apps on this machine.") { Garnet() };
        return root.Parse(arguments).Invoke();
    }

    private static Command Garnet()
    {
        var port = new Option<int>("--port") { Required = true };
        var command = new Command(GarnetCommand.Verb, "Runs Garnet, a Redis, on 127.0.0.1.") { port };
        command.SetAction((parsed, cancellationToken) => GarnetCommand.RunAsync(parsed.GetRequiredValue(port), cancellationToken));
        return command;
    }
}
