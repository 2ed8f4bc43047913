using Npgsql;
using TByte.Functions.Testing;

namespace TByte.Functions.Fleet.Tests.Views;

/// <summary>Holds transactions that count views up at one of their moments, until it is told to let them go.</summary>
internal sealed class HeldTransactions : IAsyncDisposable
{
    private const string InChangesSql = "begin; lock table products in exclusive mode";

    private const string InCommitSql = """
        create function wait_at_commit() returns trigger language plpgsql as
            $$ begin perform pg_advisory_xact_lock_shared(1); return null; end $$;
        create constraint trigger wait_at_commit after insert or update on view_batches
            deferrable initially deferred for each row execute function wait_at_commit();
        begin; select pg_advisory_xact_lock(1)
        """;

    private const string AreHeldSql =
        "select exists (select from pg_locks where not granted and database = (select oid from pg_database where datname = current_database()))";

    private readonly NpgsqlConnection _connection;

    private HeldTransactions(NpgsqlConnection connection) => _connection = connection;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>When it has noted which batches it counts, and not what they count.</summary>
    public static Task<HeldTransactions> InTheirChangesAsync(string database) => HoldAsync(database, InChangesSql);

    /// <summary>When the server has been told to commit.</summary>
    public static Task<HeldTransactions> InTheirCommitAsync(string database) => HoldAsync(database, InCommitSql);

    /// <summary>Waits until there is one that is held up.</summary>
    public Task HasOneAsync() => Eventually.HoldsAsync(
        async () =>
        {
            await using NpgsqlCommand command = new(AreHeldSql, _connection);
            return (bool)(await command.ExecuteScalarAsync(Token))!;
        },
        "a transaction is held up",
        Token);

    public async ValueTask DisposeAsync() => await _connection.DisposeAsync();

    private static async Task<HeldTransactions> HoldAsync(string database, string sql)
    {
        NpgsqlConnection connection = new(database + ";Pooling=false");
        await connection.OpenAsync(Token);
        await using NpgsqlCommand command = new(sql, connection);
        await command.ExecuteNonQueryAsync(Token);
        return new HeldTransactions(connection);
    }
}
