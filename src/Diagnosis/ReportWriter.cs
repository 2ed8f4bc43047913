namespace TByte.Functions.Diagnosis;

/// <summary>Makes the report of what was seen and found.</summary>
internal static class ReportWriter
{
    private const int MostQueries = 15;

    public static DiagnosisReport Write(Evidence evidence, IReadOnlyList<Finding> findings, IReadOnlyList<HistoryPoint> history, TimeSpan took) => new(
        evidence.At,
        took,
        evidence.Window,
        findings,
        [.. evidence.Servers.Select(Summary)],
        [
            .. evidence.Servers.SelectMany(static server => (server.Statements ?? []).Select(statement => (server, statement)))
                .OrderByDescending(static entry => entry.statement.Use.TotalMs)
                .Take(MostQueries)
                .Select(static entry => new QuerySummary(
                    entry.server.Name, entry.statement.Text, entry.statement.Use.Calls, entry.statement.MeanMs, entry.statement.Share)),
        ],
        Cache(evidence),
        evidence.NotSeen,
        history);

    public static HistoryPoint PointOf(Evidence evidence, IReadOnlyList<Finding> findings) => new(
        evidence.At,
        evidence.Primary.Database?.Bytes,
        evidence.Primary.Sessions?.Total,
        evidence.Primary.MeanMs,
        HitRatio(evidence),
        evidence.Redis is { Problem: null, UsedBytes: > 0 and var used } ? used : null,
        findings.Count(static finding => finding.Severity == Severity.High),
        findings.Count);

    private static ServerSummary Summary(ServerEvidence server) => new(
        server.Name,
        server.IsReplica ? "replica" : "primary",
        server.Problem,
        server.Version,
        server.Database?.Bytes,
        server.Sessions?.Total,
        server.Sessions?.Max,
        server.Replay is { } replay ? (replay.BytesBehind > 0 ? replay.Age?.TotalMilliseconds : 0) : null,
        server.Window > TimeSpan.Zero && server.Statements is not null ? server.TotalMs / server.Window.TotalMilliseconds : null);

    private static CacheSummary? Cache(Evidence evidence) => evidence.Redis is not { Problem: null } redis ? null : new CacheSummary(
        HitRatio(evidence),
        evidence.Fleet?.Cache is { Answers: > 0 } cache ? (double)cache.L1Hits / cache.Answers : null,
        redis.HitRatio,
        redis.UsedBytes > 0 ? redis.UsedBytes : null,
        redis.MaxBytes);

    private static double? HitRatio(Evidence evidence) => evidence.Fleet?.Cache.HitRatio;
}
