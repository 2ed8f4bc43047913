using System.Diagnostics;
using TByte.Functions.Redis;

namespace TByte.Functions.Telemetry;

/// <summary>Calls to Redis, named and described by the conventions for database clients; never with a key.</summary>
internal static class RedisSpans
{
    /// <summary>A call, within the trace that it is made for.</summary>
    public static Activity? Call(RedisPurpose purpose) => SpanSources.Redis.StartWithin(purpose.SpanName, ActivityKind.Client)
        ?.SetTag("db.system.name", "redis")
        .SetTag("db.operation.name", purpose.Command)
        .SetTag("redis.purpose", purpose.Name);

    /// <summary>Notes in the span under way that a call was not made, because Redis is away.</summary>
    public static void Refused(RedisPurpose purpose) =>
        RecordedSpan.Current(SpanSources.Redis)?.AddEvent(new ActivityEvent("redis refused", tags: new() { { "redis.purpose", purpose.Name } }));

    /// <summary>Notes with how many others a read went, and whether there was an answer.</summary>
    public static void Ended(this Activity? read, int batch, bool isAnswered)
    {
        // By the conventions a batch is two operations or more.
        if (batch > 1)
            read?.SetTag("db.operation.batch.size", batch);
        if (!isAnswered)
            read.Failed("no_answer");
    }
}
