using Npgsql;

namespace TByte.Functions.Testing.Postgres;

/// <summary>
/// Counts in the database itself how many queries are inside it at once, and holds them there while it is closed. Exact: who comes and who
/// goes does so under one lock, and each is told how many were inside when it came, itself included. Works in read-only transactions.
/// </summary>
public sealed class Turnstile : IAsyncDisposable
{
    /// <summary>Passes the turnstile; its one value is how many were inside.</summary>
    public const string PassSql = "select pass_turnstile()";

    // Advisory locks: 1 for coming and going, 2 is shared by all who are inside, 3 keeps them there.
    private const string InstallSql = """
        create function inside_turnstile() returns bigint language sql as $$
          select count(*) from pg_locks
          where locktype = 'advisory' and classid = 0 and objid = 2 and granted
            and database = (select oid from pg_database where datname = current_database())
        $$;
        create function pass_turnstile() returns bigint language plpgsql as $$
        declare
          inside bigint;
        begin
          perform pg_advisory_lock(1);
          perform pg_advisory_lock_shared(2);
          inside := inside_turnstile();
          perform pg_advisory_unlock(1);
          perform pg_advisory_lock_shared(3);
          perform pg_advisory_unlock_shared(3);
          perform pg_advisory_lock(1);
          perform pg_advisory_unlock_shared(2);
          perform pg_advisory_unlock(1);
          return inside;
        end $$;
        """;

    // The name of every category becomes the number of those who were inside.
    private const string ReportSql = """
        alter table categories rename to real_categories;
        create view categories as
          with passed as materialized (select pass_turnstile() as inside)
          select id, inside::text as name from real_categories cross join passed;
        """;

    private readonly NpgsqlConnection _connection;

    private Turnstile(NpgsqlConnection connection) => _connection = connection;

    /// <param name="database">Connection string of a shop.</param>
    /// <param name="beforeReports">Whether reports have to pass it; the names of their categories then say how many were inside.</param>
    public static async Task<Turnstile> InstallAsync(string database, bool beforeReports)
    {
        NpgsqlConnection connection = new(database + ";Pooling=false");
        await connection.OpenAsync();
        Turnstile turnstile = new(connection);
        await turnstile.ExecuteAsync(beforeReports ? InstallSql + ReportSql : InstallSql);
        return turnstile;
    }

    /// <summary>Keeps those inside who come from now on.</summary>
    public Task CloseAsync() => ExecuteAsync("select pg_advisory_lock(3)");

    /// <summary>Lets everybody out.</summary>
    public Task OpenAsync() => ExecuteAsync("select pg_advisory_unlock(3)");

    /// <summary>How many are inside.</summary>
    public async Task<long> InsideAsync()
    {
        await using NpgsqlCommand command = new("select inside_turnstile()", _connection);
        return (long)(await command.ExecuteScalarAsync())!;
    }

    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async Task ExecuteAsync(string sql)
    {
        await using NpgsqlCommand command = new(sql, _connection);
        await command.ExecuteNonQueryAsync();
    }
}
