namespace TByte.Functions.Diagnosis;

/// <summary>What one run has found.</summary>
/// <param name="At">When it began.</param>
/// <param name="Took">How long it took.</param>
/// <param name="Window">The time that rates and shares are about; zero when they are about all time since the statistics were reset.</param>
/// <param name="Findings">Root causes, the likeliest and worst first.</param>
/// <param name="Servers">The database servers, the primary first.</param>
/// <param name="Queries">The statements that took the most time in the window.</param>
/// <param name="Cache">What the caches did in the window; null when nothing is known of them.</param>
/// <param name="NotSeen">What could not be looked at, and what is missing for it.</param>
/// <param name="History">Earlier runs and this one, the oldest first.</param>
public sealed record DiagnosisReport(
    DateTimeOffset At,
    TimeSpan Took,
    TimeSpan Window,
    IReadOnlyList<Finding> Findings,
    IReadOnlyList<ServerSummary> Servers,
    IReadOnlyList<QuerySummary> Queries,
    CacheSummary? Cache,
    IReadOnlyList<NotSeen> NotSeen,
    IReadOnlyList<HistoryPoint> History);

/// <summary>A database server at a glance.</summary>
/// <param name="Name">As in the breakers: <c>postgres-primary</c>, <c>postgres-replica-1</c>.</param>
/// <param name="Role"><c>primary</c> or <c>replica</c>.</param>
/// <param name="Problem">Why it could not be asked; null when it answered, and then the rest is known.</param>
/// <param name="Version">E.g. <c>18.4</c>.</param>
/// <param name="DatabaseBytes">Size of the database.</param>
/// <param name="Connections">Client connections of all databases.</param>
/// <param name="MaxConnections">What is left of <c>max_connections</c> for ordinary users.</param>
/// <param name="LagMs">How far a replica is behind; null for the primary.</param>
/// <param name="BusyShare">Time spent in statements per second of the window, in statements at once; null when it is not known.</param>
public sealed record ServerSummary(
    string Name,
    string Role,
    string? Problem,
    string? Version = null,
    long? DatabaseBytes = null,
    int? Connections = null,
    int? MaxConnections = null,
    double? LagMs = null,
    double? BusyShare = null);

/// <summary>A statement that took time.</summary>
/// <param name="Server">The server that ran it.</param>
/// <param name="Text">Its text, with placeholders for values.</param>
/// <param name="Calls">How often it ran.</param>
/// <param name="MeanMs">How long it took on average.</param>
/// <param name="Share">Its share in the time of all statements of that server, 0 to 1.</param>
public sealed record QuerySummary(string Server, string Text, long Calls, double MeanMs, double Share);

/// <summary>The caches at a glance.</summary>
/// <param name="HitRatio">Of all reads, 0 to 1; null when the apps did not say.</param>
/// <param name="MemoryHitRatio">From the instances' memory, 0 to 1 of all reads.</param>
/// <param name="RedisHitRatio">By Redis' own counters, 0 to 1 of what it was asked; null when it does not count or was not asked.</param>
/// <param name="UsedBytes">Memory that Redis uses.</param>
/// <param name="MaxBytes">Memory that it may use; null when it is not bounded.</param>
public sealed record CacheSummary(double? HitRatio, double? MemoryHitRatio, double? RedisHitRatio, long? UsedBytes, long? MaxBytes);

/// <summary>Something that could not be looked at.</summary>
/// <param name="Subject">What.</param>
/// <param name="Reason">Why.</param>
/// <param name="Grant">The statement that would make it visible; null when there is none.</param>
public sealed record NotSeen(string Subject, string Reason, string? Grant = null);

/// <summary>A run, as later ones remember it.</summary>
/// <param name="At">When.</param>
/// <param name="DatabaseBytes">Size of the database on the primary.</param>
/// <param name="Connections">Client connections of the primary.</param>
/// <param name="MeanQueryMs">Mean time of the primary's statements in the window.</param>
/// <param name="HitRatio">Of the caches, 0 to 1.</param>
/// <param name="RedisBytes">Memory that Redis uses.</param>
/// <param name="HighFindings">Findings of high severity.</param>
/// <param name="Findings">All findings.</param>
public sealed record HistoryPoint(
    DateTimeOffset At,
    long? DatabaseBytes,
    int? Connections,
    double? MeanQueryMs,
    double? HitRatio,
    long? RedisBytes,
    int HighFindings,
    int Findings);
