using System.Diagnostics.Metrics;

namespace TByte.Functions.Postgres;

/// <summary>Reads the sizes of connection pools from Npgsql's metrics: it tells nobody else.</summary>
internal static class PoolStatistics
{
    /// <summary>Open connections that are unused, of the pools of this name.</summary>
    public static int Idle(string pool)
    {
        int idle = 0;
        using MeterListener listener = new();
        listener.InstrumentPublished = static (instrument, listener) =>
        {
            if (instrument is { Meter.Name: "Npgsql", Name: "db.client.connection.count" })
                listener.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<int>((_, value, tags, _) =>
        {
            if (Has(tags, "db.client.connection.pool.name", pool) && Has(tags, "db.client.connection.state", "idle"))
                idle += value;
        });
        listener.Start();
        listener.RecordObservableInstruments();
        return idle;
    }

    private static bool Has(ReadOnlySpan<KeyValuePair<string, object?>> tags, string key, string value)
    {
        foreach (KeyValuePair<string, object?> tag in tags)
        {
            if (tag.Key == key)
                return tag.Value is string text && text == value;
        }

        return false;
    }
}
