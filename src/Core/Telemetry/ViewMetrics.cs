using System.Diagnostics.Metrics;

namespace TByte.Functions.Telemetry;

/// <summary>Product views on their way to the database.</summary>
internal sealed class ViewMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "TByte.Functions.Views";

    private readonly Counter<long> _sent;
    private readonly Counter<long> _moved;
    private readonly Counter<long> _dropped;
    private readonly Gauge<long> _queued;
    private readonly Gauge<long> _unsent;

    public ViewMetrics(IMeterFactory meters)
    {
        Meter meter = meters.Create(MeterName);
        _sent = meter.CreateCounter<long>("tbyte.views.sent", "{view}", "Views that an instance has put into the queue.");
        _moved = meter.CreateCounter<long>("tbyte.views.moved", "{view}", "Views that were counted in the database.");
        _dropped = meter.CreateCounter<long>("tbyte.views.dropped", "{view}", "Views that are not counted: more products than can be held, or no batch.");
        _queued = meter.CreateGauge<long>("tbyte.views.queue.length", "{batch}", "Batches in the queue, as it told whoever sent last.");
        _unsent = meter.CreateGauge<long>("tbyte.views.unsent", "{batch}", "Batches that the queue has not taken from this instance.");
    }

    public void Sent(long views) => _sent.Add(views);

    public void Moved(long views) => _moved.Add(views);

    public void Dropped(long views) => _dropped.Add(views);

    public void Queued(long batches) => _queued.Record(batches);

    public void Unsent(long batches) => _unsent.Record(batches);
}
