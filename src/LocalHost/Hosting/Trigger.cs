using System.Collections.Generic;
using Microsoft.Azure.Functions.Worker;

namespace TByte.Functions.LocalHost.Hosting;

/// <summary>What starts a function.</summary>
internal abstract record Trigger
{
    /// <summary>Requests on a route, which has the prefix of host.json.</summary>
    internal sealed record Http(string Route, IReadOnlyList<string> Methods, AuthorizationLevel AuthLevel) : Trigger;

    /// <summary>A schedule as the attribute gives it, its settings not yet replaced.</summary>
    internal sealed record Timer(string Schedule, bool RunOnStartup) : Trigger;

    /// <summary>The start of an instance.</summary>
    internal sealed record Warmup : Trigger;
}
