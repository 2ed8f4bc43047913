using Npgsql;
using TByte.Functions.Postgres;

namespace TByte.Functions.Diagnosis;

/// <summary>Looks at one server, for a bounded time; whatever becomes of it is an answer.</summary>
internal sealed class ServerCollector(string name, bool isReplica, ServerLogin login, TimeProvider time)
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(20);

    public string Name => name;

    /// <summary>Its counters only; null when it does not answer.</summary>
    public async Task<ServerCounters?> CountAsync(CancellationToken cancellationToken) =>
        (await AskAsync(BasicsAsync, cancellationToken).ConfigureAwait(false)).Value.Answer?.Counters;

    /// <summary>All there is to see.</summary>
    /// <param name="before">Its counters at the beginning of the window; null when the window is all time.</param>
    /// <param name="primaryPosition">Of a replica: where its primary's log was a moment ago.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<ServerView> CollectAsync(ServerCounters? before, long? primaryPosition, CancellationToken cancellationToken)
    {
        (var asked, Refusal? refusal) = await AskAsync(
            (connection, token) => CollectAsync(connection, before, primaryPosition, token), cancellationToken).ConfigureAwait(false);
        if (asked.Answer.Evidence is { } evidence)
            return new ServerView(evidence, asked.Answer.Counters, asked.Answer.HotKey, asked.NotSeen);

        return new ServerView(
            new ServerEvidence { Name = name, IsReplica = isReplica, Problem = refusal!.Problem, IsFull = refusal.IsFull },
            Counters: null,
            HotKey: null,
            [new NotSeen($"everything of {name}", refusal.Problem)]);
    }

    private async Task<(ServerEvidence? Evidence, ServerCounters? Counters, HotKey? HotKey)> CollectAsync(
        ServerConnection connection, ServerCounters? before, long? primaryPosition, CancellationToken cancellationToken)
    {
        Basics basics = await BasicsAsync(connection, cancellationToken).ConfigureAwait(false);
        ServerCounters counters = basics.Counters;
        bool isInRecovery = await ReplicationCollector.IsInRecoveryAsync(connection, cancellationToken).ConfigureAwait(false);
        WalPosition? log = await connection.TryAsync("log position", () => isInRecovery
            ? ReplicationCollector.ReplayAsync(connection, primaryPosition, time, cancellationToken)
            : ReplicationCollector.WrittenAsync(connection, cancellationToken)).ConfigureAwait(false);
        IReadOnlyList<LockWait> waits = await TryListAsync(connection, "lock waits", SessionCollector.WaitsAsync, cancellationToken).ConfigureAwait(false);
        StatementUses? statements = counters.Statements is null ? null : await connection.TryAsync(
            "statement texts", () => StatementCollector.DescribeAsync(connection, counters.Statements, before, cancellationToken)).ConfigureAwait(false);
        ServerEvidence evidence = new()
        {
            Name = name,
            IsReplica = isReplica,
            IsInRecovery = isInRecovery,
            Version = connection.Version.ToString(2),
            Window = before is null ? TimeSpan.Zero : counters.At - before.At,
            Statements = statements?.Top,
            Calls = statements?.Calls ?? 0,
            TotalMs = statements?.TotalMs ?? 0,
            Tables = [.. basics.Tables.Select(table => table with { Use = table.Use.Since(before?.Tables.GetValueOrDefault(table.Name)) })],
            Indexes = await connection.TryAsync("indexes", () => IndexCollector.ReadAsync(connection, cancellationToken)).ConfigureAwait(false),
            Database = basics.Database is { } database ? database with { Use = database.Use.Since(before?.Database) } : null,
            Sessions = await connection.TryAsync("sessions", () => SessionCollector.CountAsync(connection, cancellationToken)).ConfigureAwait(false),
            Transactions = await TryListAsync(connection, "transactions", SessionCollector.TransactionsAsync, cancellationToken).ConfigureAwait(false),
            LockWaits = waits,
            LockBlockers = await TryListAsync(
                connection, "lock holders", (asked, token) => SessionCollector.BlockersAsync(asked, waits, token), cancellationToken).ConfigureAwait(false),
            Replay = log?.Replay,
            LogPosition = log?.Bytes,
            IdleSlots = isInRecovery ? [] : await TryListAsync(
                connection, "replication slots", ReplicationCollector.SlotsAsync, cancellationToken).ConfigureAwait(false),
            Ids = isReplica ? [] : await TryListAsync(connection, "sequences", DatabaseCollector.IdsAsync, cancellationToken).ConfigureAwait(false),
        };
        HotKey? hottest = isReplica ? null : await connection.TryAsync(
            "views of products", () => HotKeyCollector.ReadAsync(connection, cancellationToken)).ConfigureAwait(false);
        return (evidence, counters, hottest);
    }

    private async Task<Basics> BasicsAsync(ServerConnection connection, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<long, StatementCounter>? statements = await connection.TryAsync(
            "statements", () => StatementCollector.CountAsync(connection, cancellationToken)).ConfigureAwait(false);
        IReadOnlyList<TableUse> tables = await TryListAsync(connection, "tables", TableCollector.ReadAsync, cancellationToken).ConfigureAwait(false);
        DatabaseUse? database = await connection.TryAsync(
            "database", () => DatabaseCollector.ReadAsync(connection, cancellationToken)).ConfigureAwait(false);
        return new Basics(
            new ServerCounters(time.GetUtcNow(), statements, tables.ToDictionary(static table => table.Name, static table => table.Use), database?.Use),
            tables, database);
    }

    /// <summary>A hung server does not even let go of a connection: whoever asks it goes on without it.</summary>
    private async Task<((T? Answer, IReadOnlyList<NotSeen> NotSeen) Value, Refusal? Refusal)> AskAsync<T>(
        Func<ServerConnection, CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return (await RunAsync().WaitAsync(Budget, time, cancellationToken).ConfigureAwait(false), null);
        }
        catch (PostgresException refusal)
        {
            return (default, new Refusal(
                $"it refuses the connection: {refusal.MessageText} ({refusal.SqlState})", refusal.SqlState == PostgresErrorCodes.TooManyConnections));
        }
        catch (Exception failure) when (failure is TimeoutException or NpgsqlException { InnerException: TimeoutException })
        {
            return (default, new Refusal("it does not answer", IsFull: false));
        }
        catch (NpgsqlException)
        {
            return (default, new Refusal("it cannot be reached", IsFull: false));
        }

        async Task<(T?, IReadOnlyList<NotSeen>)> RunAsync()
        {
            await using ServerConnection connection = await ServerConnection.OpenAsync(name, login, cancellationToken).ConfigureAwait(false);
            return (await ask(connection, cancellationToken).ConfigureAwait(false), connection.NotSeen);
        }
    }

    private static async Task<IReadOnlyList<T>> TryListAsync<T>(
        ServerConnection connection, string subject, Func<ServerConnection, CancellationToken, Task<IReadOnlyList<T>>> read, CancellationToken cancellationToken) =>
        await connection.TryAsync(subject, () => read(connection, cancellationToken)).ConfigureAwait(false) ?? [];

    /// <summary>Why there was no answer.</summary>
    private sealed record Refusal(string Problem, bool IsFull);

    /// <summary>What every look reads.</summary>
    private sealed record Basics(ServerCounters Counters, IReadOnlyList<TableUse> Tables, DatabaseUse? Database);
}

/// <summary>What one look at a server has brought.</summary>
internal sealed record ServerView(ServerEvidence Evidence, ServerCounters? Counters, HotKey? HotKey, IReadOnlyList<NotSeen> NotSeen);
