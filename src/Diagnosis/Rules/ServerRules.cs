namespace TByte.Functions.Diagnosis;

/// <summary>Servers that are away, behind, or without a free connection.</summary>
internal static class ServerRules
{
    public const string Away = "server-away";
    public const string ReplicaLag = "replica-lag";
    public const string Connections = "connections";

    // As the apps' setting Postgres:MaxReplicaLag has it by default.
    private static readonly TimeSpan LagLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongLag = TimeSpan.FromSeconds(30);

    private const double ManyConnections = 0.8;
    private const double NearlyAll = 0.95;

    public static IEnumerable<Finding> JudgeAway(Evidence evidence) =>
        from server in evidence.Servers
        let isMisplaced = server.Problem is null && server.IsReplica != server.IsInRecovery
        where (server.Problem is not null && !server.IsFull) || isMisplaced
        select new Finding(
            Away,
            server.Name,
            server.IsReplica && evidence.Servers.Any(other => other.IsReplica && other != server && other.Problem is null) ? Severity.Medium : Severity.High,
            0.95,
            isMisplaced
                ? server.IsReplica
                    ? $"{server.Name} follows no primary any more: it was promoted, or was never a replica."
                    : $"{server.Name} is named as the primary, and follows another server."
                : $"{server.Name} could not be asked: {server.Problem}.",
            [
                new("servers", evidence.Servers.Count),
                new("of them usable", evidence.Servers.Count(static other => other.Problem is null && other.IsReplica == other.IsInRecovery)),
            ],
            server.IsReplica ? "Its reads go to the other servers." : "Nothing can be written, and what no cache has cannot be read.",
            new Remedy(isMisplaced
                ? "Correct the connection strings, or make it a replica again from a base backup."
                : "See whether the server runs, whether it hangs on its disk, whether the network lets the apps through, and whether user and password are right."),
            $"GET /api/ops/status says that {server.Name} is up.");

    public static IEnumerable<Finding> JudgeReplicas(Evidence evidence) =>
        from server in evidence.Reachable
        where server.Replay is not null && server.IsReplica
        let replay = server.Replay
        let isBehind = replay.BytesBehind > 0
        where replay.IsPaused || !replay.IsReceiving || (isBehind && replay.Age >= LagLimit)
        let why = replay.IsPaused ? "its replay is paused" : !replay.IsReceiving ? "it is not connected to its primary" : "it does not keep up"
        select new Finding(
            ReplicaLag,
            server.Name,
            isBehind && (replay.IsPaused || !replay.IsReceiving || replay.Age >= LongLag) ? Severity.High : Severity.Medium,
            0.95,
            isBehind
                ? $"{server.Name} is behind its primary{(replay.Age is { } age ? $" by {Phrase.Of(age)}" : "")}: {why}."
                : $"{server.Name} will fall behind its primary: {why}.",
            [
                new("last transaction replayed is so old", replay.Age?.TotalSeconds ?? 0, "s", LagLimit.TotalSeconds),
                new("log that it has not replayed", replay.BytesBehind ?? 0, "bytes", 0),
                new("longest open transaction on it", server.Transactions.Select(static open => open.Age.TotalSeconds).DefaultIfEmpty(0).Max(), "s"),
            ],
            "The apps do not read from it while it is behind, so that the other servers carry its load.",
            replay.IsPaused
                ? new Remedy("Let it go on, unless somebody needs it where it is.", "select pg_wal_replay_resume()")
                : !replay.IsReceiving
                    ? new Remedy("See its log: the primary may refuse it, or have removed log that it still needs. Then it has to be made anew.",
                        "select * from pg_stat_wal_receiver")
                    : new Remedy(
                        "See whether a long query on it holds replay up, whether its disk is slower than the primary's, and what writes so much.",
                        ["select pid, now() - query_start, query from pg_stat_activity where state = 'active' order by 2 desc"],
                        "max_standby_streaming_delay"),
            "select pg_last_wal_replay_lsn(), now() - pg_last_xact_replay_timestamp()");

    public static IEnumerable<Finding> JudgeConnections(Evidence evidence)
    {
        foreach (ServerEvidence server in evidence.Servers)
        {
            if (server.IsFull)
            {
                yield return new Finding(
                    Connections,
                    server.Name,
                    Severity.High,
                    0.95,
                    $"{server.Name} has no connection left: it refused even this one.",
                    [new("free connections", 0, "", 1)],
                    "Whatever needs a new connection fails.",
                    TooMany(server.Name),
                    "select count(*), state from pg_stat_activity where backend_type = 'client backend' group by state");
            }
            else if (server.Sessions is { } sessions && sessions.Total >= sessions.Max * ManyConnections)
            {
                bool isIdle = sessions.Idle + sessions.IdleInTransaction > sessions.Total / 2;
                yield return new Finding(
                    Connections,
                    server.Name,
                    sessions.Total >= sessions.Max * NearlyAll ? Severity.High : Severity.Medium,
                    0.95,
                    $"{sessions.Total} of the {sessions.Max} connections of {server.Name} are taken, {sessions.LargestUserCount} of them by '{sessions.LargestUser}'"
                        + (isIdle ? "; most are idle." : "."),
                    [
                        new("connections", sessions.Total, "", Math.Round(sessions.Max * ManyConnections)),
                        new("at most", sessions.Max),
                        new("active", sessions.Active),
                        new("idle", sessions.Idle),
                        new("idle in transaction", sessions.IdleInTransaction),
                    ],
                    "The next instance that starts, or the next peak, is refused.",
                    TooMany(server.Name),
                    "select count(*), state from pg_stat_activity where backend_type = 'client backend' group by state");
            }
        }
    }

    private static Remedy TooMany(string server) => new(
        $"Make the pools smaller: instances × Postgres:MaxPoolSize must stay below what {server} allows. Else put PgBouncer in between, or raise max_connections.",
        ["select application_name, state, count(*) from pg_stat_activity where backend_type = 'client backend' group by 1, 2 order by 3 desc"],
        "Postgres:MaxPoolSize");
}
