using System.Diagnostics;
using Microsoft.Azure.Functions.Worker;

namespace TByte.Functions.LocalHost.Hosting;

/// <summary>The span of an invocation, as the worker makes it: of the same source and name, continuing the trace that the caller began.</summary>
internal static class InvocationSpan
{
    /// <summary>The source's name.</summary>
    public const string SourceName = "Microsoft.Azure.Functions.Worker";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>False while nobody listens.</summary>
    public static bool IsWanted => Source.HasListeners();

    /// <summary>Begins the span of an invocation.</summary>
    public static Activity? Start(Invocation invocation)
    {
        TraceContext caller = invocation.TraceContext;
        ActivityContext.TryParse(caller.TraceParent, caller.TraceState, out ActivityContext parent);
        Activity? span = Source.StartActivity(invocation.Function.SpanName, ActivityKind.Internal, parent);
        if (span is { IsAllDataRequested: true })
            span.AddTag("faas.invocation_id", invocation.InvocationId).AddTag("faas.name", invocation.Function.Entry.Name);
        return span;
    }
}
