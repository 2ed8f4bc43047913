using Npgsql;
using TByte.Functions.LocalHost.Servers;
using TByte.Functions.Testing.Postgres.Statements;

namespace TByte.Functions.Testing.Postgres;

/// <summary>A PostgreSQL of a test's own, and the faults that one can have.</summary>
public class TestPostgresServer
{
    private readonly PostgresServer _server;
    private readonly StatementLog? _statements;

    private protected TestPostgresServer(PostgresServer server, StatementLog? statements)
    {
        _server = server;
        _statements = statements;
    }

    public int Port => _server.Port;

    /// <summary>The server and all that it has started.</summary>
    public IReadOnlyList<int> ProcessIds => ProcessTree.Of(_server.ProcessId);

    /// <summary>To the database that every server has from the start; a cluster's holds the shop, another's is empty.</summary>
    public string ConnectionString => _server.ConnectionString;

    public string ConnectionTo(string database) => _server.ConnectionTo(database);

    /// <summary>Hangs the server with all its backends (SIGSTOP): connections stay open and get no answer.</summary>
    public void Stop() => ProcessTree.Send(_server.ProcessId, UnixSignal.Stop);

    /// <summary>Hangs only the process that lets clients in (SIGSTOP): those that are in are served.</summary>
    public void StopAdmitting() => Unix.Send(_server.ProcessId, UnixSignal.Stop);

    /// <summary>Lets it go on after <see cref="Stop"/> or <see cref="StopAdmitting"/>.</summary>
    public void Continue() => ProcessTree.Send(_server.ProcessId, UnixSignal.Continue);

    /// <summary>Kills the server with all its backends (SIGKILL).</summary>
    public Task KillAsync() => _server.KillAsync();

    /// <summary>Starts it again on the same port and data.</summary>
    public Task RestartAsync(CancellationToken cancellationToken) => _server.RestartAsync(cancellationToken);

    /// <summary>What a server has run that was started to log its statements; it may lag behind.</summary>
    public StatementLog Statements => _statements ?? throw new InvalidOperationException("This server was not started to log its statements.");

    /// <summary>Waits until <see cref="Statements"/> holds all that the server has run by now.</summary>
    public async Task<StatementLog> StatementsSoFarAsync(CancellationToken cancellationToken)
    {
        // All processes of the server write to one pipe, so that what comes after this has been logged after it.
        string mark = $"select '{Guid.NewGuid():N}'";
        await ExecuteAsync(mark, cancellationToken);
        await Eventually.HoldsAsync(
            () => Statements.All.Any(statement => statement.Text == mark), "the log has come through", cancellationToken);
        return Statements;
    }

    private protected ValueTask StopServerAsync() => _server.DisposeAsync();

    private protected async Task ExecuteAsync(string statement, CancellationToken cancellationToken) =>
        await ScalarAsync(statement, cancellationToken);

    private protected async Task<object?> ScalarAsync(string query, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(ConnectionTo("postgres") + ";Pooling=false");
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(query, connection);
        return await command.ExecuteScalarAsync(cancellationToken);
    }
}
