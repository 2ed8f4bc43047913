using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace TByte.Functions.Infrastructure.Tests.Monitoring.Metrics;

/// <summary>Listens to some meters: which instruments they have, and with what tags and values these are recorded.</summary>
internal sealed class MetricRecorder : IDisposable
{
    private readonly MeterListener _listener = new();
    private readonly ConcurrentDictionary<string, ConcurrentBag<Measured>> _measured = new();
    private readonly ConcurrentDictionary<string, string> _units = new();

    public MetricRecorder(Func<Meter, bool> listensTo)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (!listensTo(instrument.Meter))
                return;
            _measured.TryAdd(instrument.Name, []);
            _units.TryAdd(instrument.Name, instrument.Unit ?? "");
            listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.SetMeasurementEventCallback<int>((instrument, value, tags, _) => Note(instrument, value, tags));
        _listener.Start();
    }

    /// <summary>The names of all instruments, whether or not recorded.</summary>
    public IReadOnlyCollection<string> Instruments => [.. _measured.Keys];

    /// <summary>The unit of an instrument; empty when it has none.</summary>
    public string UnitOf(string instrument) => _units[instrument];

    /// <summary>What was recorded of an instrument; nothing, if there is none of this name.</summary>
    public IReadOnlyCollection<Measured> Of(string instrument) => _measured.TryGetValue(instrument, out ConcurrentBag<Measured>? measured) ? measured : [];

    /// <summary>Reads the instruments that tell their value when asked.</summary>
    public void Observe() => _listener.RecordObservableInstruments();

    public void Dispose() => _listener.Dispose();

    private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        Dictionary<string, string> texts = [];
        foreach (KeyValuePair<string, object?> tag in tags)
            texts[tag.Key] = tag.Value?.ToString() ?? "";
        _measured.GetOrAdd(instrument.Name, static _ => []).Add(new Measured(value, texts));
    }
}
