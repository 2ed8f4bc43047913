using System.Text.Json;
using System.Text.RegularExpressions;
using Npgsql;

namespace TByte.Functions.Diagnosis.Indexes;

/// <summary>
/// Asks for plans of statements whose values are not known, and never runs one. Planning works out functions that are immutable or stable,
/// with the rights of the connection's role, and views and operators may hide them: that role should be none that may do everything.
/// </summary>
internal sealed partial class ExplainSession(NpgsqlConnection connection, NpgsqlTransaction transaction)
{
    private const string Statement = "tbyte_advice";
    private const string Savepoint = "tbyte_advice";

    // A plan of its own for each number of workers could not be compared with another.
    private const string SettingsSql = """
        select /* tbyte-diagnosis */ set_config(name, value, true)
        from (values ('statement_timeout', '2s'), ('lock_timeout', '500ms'), ('plan_cache_mode', 'force_generic_plan'),
            ('max_parallel_workers_per_gather', '0'), ('jit', 'off')) as settings (name, value)
        """;

    private const string ParametersSql = "select /* tbyte-diagnosis */ cardinality(parameter_types) from pg_prepared_statements where name = $1";

    /// <summary>Bounds all that runs in the transaction from now on.</summary>
    public async Task ConfigureAsync(CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new(SettingsSql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Whether a text is a statement that has a plan, and one that shows what an index needs: a plan does not show COLLATE. The server is
    /// asked about no other.
    /// </summary>
    public static bool IsExplainable(string text)
    {
        List<SqlToken> tokens = SqlTokenizer.Tokenize(text);
        return tokens.Find(token => !token.IsSymbol("(")) is { Kind: SqlTokenKind.Word, Text: { } verb }
            && verb.ToUpperInvariant() is "SELECT" or "INSERT" or "UPDATE" or "DELETE" or "WITH"
            && !tokens.Exists(token => token.IsWord("COLLATE"));
    }

    /// <summary>The plan for any values, by the indexes that there are, hypothetical ones included.</summary>
    /// <exception cref="PostgresException">It cannot be planned, e.g. for missing rights, or not in time.</exception>
    /// <exception cref="JsonException">The plan cannot be read.</exception>
    public async Task<PlanNode> ExplainAsync(string text, CancellationToken cancellationToken)
    {
        // Going back to the savepoint also gives back the locks of planning.
        await transaction.SaveAsync(Savepoint, cancellationToken).ConfigureAwait(false);
        bool prepared = false;
        try
        {
            await RunAsync($"prepare {Statement} as {Castable(text)}", cancellationToken).ConfigureAwait(false);
            prepared = true;
            string values = string.Join(", ", Enumerable.Repeat("null", await ParametersAsync(cancellationToken).ConfigureAwait(false)));
            string execute = values.Length == 0 ? Statement : $"{Statement}({values})";
            object? plan = await RunAsync($"explain (verbose, format json) execute {execute}", cancellationToken).ConfigureAwait(false);
            return PlanReader.Read((string)plan!);
        }
        finally
        {
            if (connection.FullState == System.Data.ConnectionState.Open)
            {
                await transaction.RollbackAsync(Savepoint, CancellationToken.None).ConfigureAwait(false);
                if (prepared)
                    await RunAsync($"deallocate {Statement}", CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Statistics of statements write <c>interval $1</c> where <c>interval '1 day'</c> was, which is no SQL any more.</summary>
    private static string Castable(string text) => TypedPlaceholder().Replace(text, "$2::$1");

    [GeneratedRegex(@"\b(interval|date|timestamp|timestamptz|time)\s+(\$\d+)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex TypedPlaceholder();

    private async Task<int> ParametersAsync(CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new(ParametersSql, connection) { Parameters = { new() { Value = Statement } } };
        return (int)(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
    }

    // A batch of one goes to the server as it is, and the server takes no second statement in it. A command would be split at semicolons.
    private async Task<object?> RunAsync(string sql, CancellationToken cancellationToken)
    {
        await using NpgsqlBatch batch = new(connection) { BatchCommands = { new NpgsqlBatchCommand(sql) } };
        return await batch.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false);
    }
}
