using NpgsqlTypes;
using TByte.Functions.LocalHost.Servers;

namespace TByte.Functions.Testing.Postgres;

/// <summary>The server of a cluster that takes writes.</summary>
public sealed class TestPostgresPrimary : TestPostgresServer
{
    internal TestPostgresPrimary(PostgresServer server)
        : base(server)
    {
    }

    /// <summary>Up to where its log is written: whatever has been committed lies before.</summary>
    public async Task<NpgsqlLogSequenceNumber> LogPositionAsync(CancellationToken cancellationToken) =>
        (NpgsqlLogSequenceNumber)(await ScalarAsync("select pg_current_wal_lsn()", cancellationToken))!;
}
