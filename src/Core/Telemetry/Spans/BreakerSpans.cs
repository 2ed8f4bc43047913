using System.Diagnostics;
using TByte.Functions.Resilience;

namespace TByte.Functions.Telemetry;

/// <summary>What a breaker does beside letting calls through.</summary>
internal static class BreakerSpans
{
    /// <summary>A probe: a trace of its own, since nobody waits for it. There are probes only while a breaker is not closed.</summary>
    public static Activity? Probe(SharedCircuit circuit) =>
        SpanSources.Breakers.StartActivity("breaker probe")?.SetTag("breaker.name", circuit.Name);

    /// <summary>Notes in the span under way that a call was not let through.</summary>
    public static void Refused(SharedCircuit circuit) =>
        RecordedSpan.Current(SpanSources.Breakers)?.AddEvent(new ActivityEvent("breaker refused", tags: new() { { "breaker.name", circuit.Name } }));
}
