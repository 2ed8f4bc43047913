using System.Globalization;
using NpgsqlTypes;
using TByte.Functions.LocalHost.Servers;
using TByte.Functions.Testing.Postgres.Statements;

namespace TByte.Functions.Testing.Postgres;

/// <summary>A streaming replica, which can be made to lag.</summary>
public sealed class TestPostgresReplica : TestPostgresServer
{
    internal TestPostgresReplica(PostgresServer server, StatementLog? statements)
        : base(server, statements)
    {
    }

    /// <summary>From now on each commit is replayed that much later than it was made; zero for at once. Survives a restart.</summary>
    public async Task DelayAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        string milliseconds = delay.TotalMilliseconds.ToString("0", CultureInfo.InvariantCulture);
        await ExecuteAsync($"alter system set recovery_min_apply_delay = '{milliseconds}ms'", cancellationToken);
        await ExecuteAsync("select pg_reload_conf()", cancellationToken);
        await Eventually.HoldsAsync(
            async () => await ScalarAsync("select setting from pg_settings where name = 'recovery_min_apply_delay'", cancellationToken) is string now
                && now == milliseconds,
            "the replica has its delay",
            cancellationToken);
    }

    /// <summary>Stops replaying: what it receives it only keeps.</summary>
    public async Task PauseReplayAsync(CancellationToken cancellationToken)
    {
        await ExecuteAsync("select pg_wal_replay_pause()", cancellationToken);
        await Eventually.HoldsAsync(
            async () => await ScalarAsync("select pg_get_wal_replay_pause_state()", cancellationToken) is "paused",
            "the replica has stopped replaying",
            cancellationToken);
    }

    /// <summary>Goes on after <see cref="PauseReplayAsync"/>.</summary>
    public Task ResumeReplayAsync(CancellationToken cancellationToken) => ExecuteAsync("select pg_wal_replay_resume()", cancellationToken);

    /// <summary>Receives nothing from its primary any more: what that writes from now on is lost to this replica if the primary dies.</summary>
    public async Task DisconnectAsync(CancellationToken cancellationToken)
    {
        await ExecuteAsync("alter system set primary_conninfo = ''", cancellationToken);
        await ExecuteAsync("select pg_reload_conf()", cancellationToken);
        await Eventually.HoldsAsync(
            async () => await ScalarAsync("select count(*) from pg_stat_wal_receiver", cancellationToken) is 0L,
            "the replica has disconnected",
            cancellationToken);
    }

    /// <summary>Follows its primary again after <see cref="DisconnectAsync"/>.</summary>
    public async Task ReconnectAsync(CancellationToken cancellationToken)
    {
        await ExecuteAsync("alter system reset primary_conninfo", cancellationToken);
        await ExecuteAsync("select pg_reload_conf()", cancellationToken);
    }

    /// <summary>Whether it has replayed its primary's log up to there.</summary>
    public async Task<bool> HasReplayedAsync(NpgsqlLogSequenceNumber position, CancellationToken cancellationToken) =>
        await ScalarAsync("select pg_last_wal_replay_lsn()", cancellationToken) is NpgsqlLogSequenceNumber replayed && replayed >= position;
}
