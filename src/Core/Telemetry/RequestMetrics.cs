using System.Diagnostics;
using System.Diagnostics.Metrics;
using TByte.Functions.Caching;

namespace TByte.Functions.Telemetry;

/// <summary>Requests, from when they reach the app's code to the end of their answer; by the semantic conventions for HTTP.</summary>
public sealed class RequestMetrics
{
    internal const string MeterName = "TByte.Functions.Requests";
    internal const string Duration = "http.server.request.duration";

    private readonly Histogram<double> _duration;

    /// <summary>Makes the instrument.</summary>
    public RequestMetrics(IMeterFactory meters)
    {
        Meter meter = meters.Create(MeterName);
        _duration = meter.CreateHistogram(
            Duration,
            "s",
            "Requests by route, method, status and, of those that the cache answered, by its outcome: memory_hit, redis_hit, miss, stale.",
            tags: null,
            DurationBuckets.Requests);
    }

    /// <summary>False while nobody listens.</summary>
    public bool IsEnabled => _duration.Enabled;

    /// <param name="route">The route's template, which has few values; null when there is none.</param>
    /// <param name="method">The method.</param>
    /// <param name="status">The status of the answer.</param>
    /// <param name="outcome">Where the cache found the answer; null when it did not come from there.</param>
    /// <param name="took">From the begin to the end of the answer.</param>
    public void Answered(string? route, string method, int status, CacheOutcome? outcome, TimeSpan took)
    {
        TagList tags = new() { { "http.request.method", method }, { "http.response.status_code", status } };
        if (route is not null)
            tags.Add("http.route", route);
        if (outcome is { } known)
            tags.Add("tbyte.cache.outcome", CacheMetrics.Name(known));
        _duration.Record(took.TotalSeconds, tags);
    }
}
