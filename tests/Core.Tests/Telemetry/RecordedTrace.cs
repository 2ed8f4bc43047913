using System.Collections.Concurrent;
using System.Diagnostics;

namespace TByte.Functions.Core.Tests.Telemetry;

/// <summary>A trace that is under way from its making on, with the spans of the project that become a part of it.</summary>
internal sealed class RecordedTrace : IDisposable
{
    private readonly ActivitySource _source = new($"test {Guid.NewGuid():N}");
    private readonly ActivityListener _listener;
    private readonly ConcurrentQueue<Activity> _begun = new();

    public RecordedTrace()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = source => ReferenceEquals(source, _source) || source.Name.StartsWith("TByte.Functions.", StringComparison.Ordinal),
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStarted = _begun.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
        Root = _source.StartActivity("root")!;
    }

    public Activity Root { get; }

    /// <summary>The spans of this name that have begun so far.</summary>
    public IReadOnlyList<Activity> Named(string name) => [.. _begun.Where(span => span.TraceId == Root.TraceId && span.OperationName == name)];

    public void Dispose()
    {
        Root.Dispose();
        _listener.Dispose();
        _source.Dispose();
    }
}
