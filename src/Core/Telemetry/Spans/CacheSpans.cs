using System.Diagnostics;
using TByte.Functions.Caching;

namespace TByte.Functions.Telemetry;

/// <summary>The spans of a read that memory does not answer. One that it does has none: it is over before a span would be made.</summary>
internal static class CacheSpans
{
    public static Activity? Read(CachePolicy policy) => Start("cache read", policy);

    public static Activity? Load(CachePolicy policy) => Start("cache load", policy);

    /// <summary>A load before the entry is too old, for which no reader waits.</summary>
    public static Activity? Refresh(CachePolicy policy) => Start("cache refresh", policy);

    /// <summary>Waiting for the load that another reader of this instance has begun, wherever its trace is.</summary>
    public static Activity? WaitFor(Task load)
    {
        Activity? wait = SpanSources.Cache.StartWithin("cache wait");
        wait?.SetTag("cache.wait.for", "reader");
        if (wait is not null && load.AsyncState is Activity begun)
            wait.AddLink(new ActivityLink(begun.Context));
        return wait;
    }

    /// <summary>Waiting for the load of another instance.</summary>
    public static Activity? WaitForInstance() => SpanSources.Cache.StartWithin("cache wait")?.SetTag("cache.wait.for", "instance");

    /// <summary>Notes where an answer came from.</summary>
    public static void Answered(this Activity? span, CacheOutcome outcome) => span?.SetTag("cache.outcome", CacheMetrics.Name(outcome));

    private static Activity? Start(string name, CachePolicy policy) =>
        SpanSources.Cache.StartWithin(name)?.SetTag("cache.kind", policy.Kind);
}
