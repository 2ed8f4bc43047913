using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;

namespace TByte.Functions.Core.Tests.Telemetry;

/// <summary>Listens to all metrics of one instance. Attributes are written <c>server.name=postgres-primary attempt.kind=first</c>.</summary>
internal sealed class Measurements : IDisposable
{
    private readonly MeterListener _listener = new();
    private ConcurrentQueue<(string Instrument, double Value, string[] Attributes)> _taken = new();

    public Measurements(IServiceProvider services)
        : this(services.GetRequiredService<IMeterFactory>())
    {
    }

    public Measurements(IMeterFactory meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, meters))
                listener.EnableMeasurementEvents(instrument);
        };
        _listener.SetMeasurementEventCallback<double>((instrument, value, attributes, _) => Take(instrument, value, attributes));
        _listener.SetMeasurementEventCallback<long>((instrument, value, attributes, _) => Take(instrument, value, attributes));
        _listener.SetMeasurementEventCallback<int>((instrument, value, attributes, _) => Take(instrument, value, attributes));
        _listener.Start();
    }

    /// <summary>All that an instrument was told with these attributes, and perhaps others.</summary>
    public IReadOnlyList<double> Of(string instrument, string attributes = "")
    {
        string[] wanted = attributes.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return [.. _taken.Where(taken => taken.Instrument == instrument && wanted.All(taken.Attributes.Contains)).Select(static taken => taken.Value)];
    }

    /// <summary>Asks the instruments that tell when they are asked; null when this one has nothing to tell with these attributes.</summary>
    public double? Now(string instrument, string attributes = "")
    {
        _taken = new ConcurrentQueue<(string, double, string[])>(_taken.Where(taken => taken.Instrument != instrument));
        _listener.RecordObservableInstruments();
        return Of(instrument, attributes) is [.., var last] ? last : null;
    }

    public void Dispose() => _listener.Dispose();

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> attributes)
    {
        List<string> texts = [];
        foreach (KeyValuePair<string, object?> attribute in attributes)
            texts.Add(string.Create(CultureInfo.InvariantCulture, $"{attribute.Key}={attribute.Value}"));
        _taken.Enqueue((instrument.Name, value, [.. texts]));
    }
}
