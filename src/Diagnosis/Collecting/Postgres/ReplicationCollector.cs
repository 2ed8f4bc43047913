namespace TByte.Functions.Diagnosis;

/// <summary>Reads how servers follow each other.</summary>
internal static class ReplicationCollector
{
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(2);

    private const string ReplaySql = """
        select pg_catalog.pg_is_wal_replay_paused(),
            exists (select from pg_catalog.pg_stat_wal_receiver where status = 'streaming'),
            extract(epoch from clock_timestamp() - pg_catalog.pg_last_xact_replay_timestamp())::float8,
            pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_last_wal_replay_lsn(), '0/0')::bigint
        """;

    private const string PositionSql = "select pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_lsn(), '0/0')::bigint";

    private const string SlotsSql = """
        select slot_name::text, pg_catalog.pg_wal_lsn_diff(pg_catalog.pg_current_wal_lsn(), restart_lsn)::bigint
        from pg_catalog.pg_replication_slots where not active and restart_lsn is not null
        """;

    public static Task<bool> IsInRecoveryAsync(ServerConnection connection, CancellationToken cancellationToken) =>
        connection.SingleAsync("select pg_catalog.pg_is_in_recovery()", static row => row.GetBoolean(0), cancellationToken);

    /// <summary>Waits a moment for a replica that has almost replayed what its primary had written: that is no lag yet.</summary>
    public static async Task<WalPosition> ReplayAsync(
        ServerConnection connection, long? primaryPosition, TimeProvider time, CancellationToken cancellationToken)
    {
        long since = time.GetTimestamp();
        while (true)
        {
            WalPosition log = await ReplayAsync(connection, primaryPosition, cancellationToken).ConfigureAwait(false);
            if (log.Replay is not { BytesBehind: > 0 } || time.GetElapsedTime(since) >= Moment)
                return log;

            await Task.Delay(TimeSpan.FromMilliseconds(200), time, cancellationToken).ConfigureAwait(false);
        }
    }

    private static Task<WalPosition> ReplayAsync(ServerConnection connection, long? primaryPosition, CancellationToken cancellationToken) =>
        connection.SingleAsync(ReplaySql, row => new WalPosition(
            row.IsDBNull(3) ? null : row.GetInt64(3),
            new ReplayState(
                row.GetBoolean(0),
                row.GetBoolean(1),
                row.IsDBNull(2) ? null : TimeSpan.FromSeconds(Math.Max(0, row.GetDouble(2))),
                row.IsDBNull(3) ? null : primaryPosition - row.GetInt64(3))),
            cancellationToken);

    public static Task<WalPosition> WrittenAsync(ServerConnection connection, CancellationToken cancellationToken) =>
        connection.SingleAsync(PositionSql, static row => new WalPosition(row.GetInt64(0), null), cancellationToken);

    public static Task<IReadOnlyList<IdleSlot>> SlotsAsync(ServerConnection connection, CancellationToken cancellationToken) =>
        connection.QueryAsync(SlotsSql, static row => new IdleSlot(row.GetString(0), row.GetInt64(1)), cancellationToken);
}

/// <summary>Up to where a server has written its log or, if it is in recovery, replayed it.</summary>
internal sealed record WalPosition(long? Bytes, ReplayState? Replay);
