using System.Reflection;

namespace TByte.Functions.LocalHost.Hosting;

/// <summary>A function of the catalog.</summary>
internal sealed record FunctionEntry(string App, string Name, Trigger Trigger, MethodInfo Method, ParameterInfo TriggerParameter)
{
    /// <summary>The entry as a line of the catalog's listing.</summary>
    public override string ToString() => Trigger switch
    {
        Trigger.Http http => $"{App} {Name} http {Methods(http)} /{http.Route} {http.AuthLevel}",
        Trigger.Timer timer => $"{App} {Name} timer {timer.Schedule}{(timer.RunOnStartup ? " and at start" : "")}",
        _ => $"{App} {Name} warmup",
    };

    private static string Methods(Trigger.Http http) =>
        http.Methods.Count == 0 ? "any" : string.Join(',', http.Methods).ToUpperInvariant();
}
