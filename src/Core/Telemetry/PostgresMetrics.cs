using System.Diagnostics.Metrics;
using TByte.Functions.Postgres;

namespace TByte.Functions.Telemetry;

/// <summary>How far replicas are behind, as this instance sees them.</summary>
internal sealed class PostgresMetrics(IMeterFactory meters)
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "TByte.Functions.Postgres";

    private readonly Meter _meter = meters.Create(MeterName);

    /// <summary>Tells the lag of those servers from now on that have one.</summary>
    public void ObserveLag(Func<IReadOnlyList<DatabaseServerStatus>> servers) => _meter.CreateObservableGauge(
        "tbyte.postgres.replica.lag",
        () => servers().Where(static server => server.LagMs is not null)
            .Select(static server => new Measurement<double>(server.LagMs!.Value / 1_000.0, new KeyValuePair<string, object?>("server.name", server.Name))),
        "s",
        "How far a replica is behind, by server; 0 when it has replayed all that its primary was seen to write, nothing while that is not known.");
}
