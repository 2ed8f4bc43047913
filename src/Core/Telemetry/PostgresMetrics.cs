using System.Diagnostics.Metrics;
using TByte.Functions.Postgres;

namespace TByte.Functions.Telemetry;

/// <summary>The database's servers as this instance sees and uses them. Statements and connections are measured by Npgsql.</summary>
internal sealed class PostgresMetrics
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "TByte.Functions.Postgres";

    private static readonly string[] States = ["up", "lagging", "down", "broken"];

    private readonly Meter _meter;
    private readonly Histogram<double> _attempts;

    public PostgresMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _attempts = _meter.CreateHistogram<double>(
            "tbyte.postgres.attempt.duration",
            "s",
            "Attempts of reads by server, kind (first, retry, hedge) and outcome (answered, timed_out, refused, busy, abandoned, failed).",
            null,
            DurationBuckets.Calls);
    }

    /// <summary>Tells of the servers from now on.</summary>
    public void Observe(Func<IReadOnlyList<ServerUse>> servers)
    {
        _meter.CreateObservableGauge(
            "tbyte.postgres.replica.lag",
            () => servers().Where(static server => server.Lag is not null).Select(static server => Of(server, server.Lag!.Value.TotalSeconds)),
            "s",
            "How far a replica is behind, by server; 0 when it has replayed all that its primary was seen to write, nothing while that is not known.");
        _meter.CreateObservableGauge(
            "tbyte.postgres.server.state",
            () => servers().SelectMany(static server => States.Select(state => new Measurement<int>(
                state == server.State ? 1 : 0, new("server.name", server.Name), new("server.state", state)))),
            "1",
            "1 for the state that a server is in, 0 for the others: up, lagging, down, broken (its breaker is open).");
        _meter.CreateObservableUpDownCounter(
            "tbyte.postgres.places.taken", () => servers().Select(static server => Of(server, server.Taken)), "{query}",
            "Queries under way by server, those that nobody waits for any more included.");
        _meter.CreateObservableUpDownCounter(
            "tbyte.postgres.places.waiting", () => servers().Select(static server => Of(server, server.Waiting)), "{query}",
            "Queries that wait for a place, by server.");
        _meter.CreateObservableUpDownCounter(
            "tbyte.postgres.places.limit", () => servers().Select(static server => Of(server, server.Max)), "{query}",
            "Queries under way at most, by server.");
    }

    /// <summary>Notes an attempt of a read.</summary>
    /// <param name="server">Where it was made.</param>
    /// <param name="kind">Which attempt it was.</param>
    /// <param name="failure">What it threw; null when it was answered.</param>
    /// <param name="took">How long it was waited for.</param>
    public void Attempted(string server, AttemptKind kind, Exception? failure, TimeSpan took) => _attempts.Record(
        took.TotalSeconds,
        new("server.name", server),
        new("attempt.kind", Name(kind)),
        new("attempt.outcome", Outcome(failure)));

    internal static string Name(AttemptKind kind) => kind switch
    {
        AttemptKind.First => "first",
        AttemptKind.Retry => "retry",
        AttemptKind.Hedge => "hedge",
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    internal static string Name(RouteReason reason) => reason switch
    {
        RouteReason.Replica => "replica",
        RouteReason.OnlyServer => "only_server",
        RouteReason.NewestRows => "newest_rows",
        RouteReason.NoReplica => "no_replica",
        _ => throw new ArgumentOutOfRangeException(nameof(reason)),
    };

    private static string Outcome(Exception? failure) => failure switch
    {
        null => "answered",
        TimeoutException => "timed_out",
        Polly.CircuitBreaker.BrokenCircuitException => "refused",
        DatabaseBusyException => "busy",
        OperationCanceledException => "abandoned",
        _ => "failed",
    };

    private static Measurement<T> Of<T>(in ServerUse server, T value)
        where T : struct => new(value, new KeyValuePair<string, object?>("server.name", server.Name));
}
