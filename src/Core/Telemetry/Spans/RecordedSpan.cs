using System.Diagnostics;

namespace TByte.Functions.Telemetry;

/// <summary>Spans within a trace that is recorded. Outside of one they cost a look at who listens, and nothing is allocated.</summary>
internal static class RecordedSpan
{
    /// <summary>
    /// Begins a span within a trace; null outside of one, since what the instance does by itself many times a second would be as many
    /// traces of one span each.
    /// </summary>
    public static Activity? StartWithin(this ActivitySource source, string name, ActivityKind kind = ActivityKind.Internal) =>
        Current(source) is not null ? source.StartActivity(name, kind) : null;

    /// <summary>The span that is under way; null when there is none that somebody will see.</summary>
    public static Activity? Current(ActivitySource source) =>
        source.HasListeners() && Activity.Current is { IsAllDataRequested: true } span ? span : null;

    /// <summary>Marks a span as failed, by the kind of failure: messages may name what is nobody's business.</summary>
    public static void Failed(this Activity? span, Exception failure) => span.Failed(failure.GetType().FullName!);

    /// <inheritdoc cref="Failed(Activity?, Exception)"/>
    public static void Failed(this Activity? span, string errorType) =>
        span?.SetStatus(ActivityStatusCode.Error).SetTag("error.type", errorType);
}
