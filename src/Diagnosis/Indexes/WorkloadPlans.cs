using System.Text.Json;
using Npgsql;

namespace TByte.Functions.Diagnosis.Indexes;

/// <summary>Gets the plans of a workload.</summary>
internal sealed class WorkloadPlans(NpgsqlConnection connection, ExplainSession explain)
{
    private const int MostStatements = 20;
    private const int ShownLength = 80;
    private const string Hidden = "<insufficient privilege>";

    // Planning works out functions with the rights of whoever plans: one that a lesser role has made must not get a superuser's.
    private const string ForeignFunctionsSql = """
        select /* tbyte-diagnosis */ distinct p.proname::text from pg_proc p join pg_roles r on r.oid = p.proowner
        where current_setting('is_superuser') = 'on' and not r.rolsuper
        """;

    /// <summary>The statements that took the most time, of those that can be planned.</summary>
    public async Task<IReadOnlyList<(WorkloadQuery Query, PlanNode Plan)>> ReadAsync(
        IReadOnlyList<WorkloadQuery> workload, ICollection<NotSeen> notSeen, Func<bool> hasTime, CancellationToken cancellationToken)
    {
        string role = (await NamesAsync("select /* tbyte-diagnosis */ quote_ident(current_user)", cancellationToken).ConfigureAwait(false)).Single();
        HashSet<string> foreignFunctions = await NamesAsync(ForeignFunctionsSql, cancellationToken).ConfigureAwait(false);
        if (workload.Any(query => query.Text == Hidden))
            notSeen.Add(new NotSeen("Statements of other roles", "their texts are hidden", $"grant pg_read_all_stats to {role}"));

        List<(WorkloadQuery, PlanNode)> plans = [];
        foreach (WorkloadQuery query in workload
            .Where(query => query.Calls > 0 && ExplainSession.IsExplainable(query.Text))
            .OrderByDescending(query => query.TotalMs)
            .Take(MostStatements))
        {
            if (!hasTime())
                break;
            if (SqlTokenizer.Tokenize(query.Text).Exists(token => token.IsName && foreignFunctions.Contains(token.Text)))
            {
                notSeen.Add(new NotSeen($"Indexes for: {Shown(query.Text)}", "it calls a function of another role, and this one is a superuser"));
                continue;
            }
            try
            {
                plans.Add((query, await explain.ExplainAsync(query.Text, cancellationToken).ConfigureAwait(false)));
            }
            catch (PostgresException denied) when (denied.SqlState == PostgresErrorCodes.InsufficientPrivilege)
            {
                bool reads = query.Text.TrimStart().StartsWith("select", StringComparison.OrdinalIgnoreCase);
                notSeen.Add(new NotSeen(
                    $"Indexes for: {Shown(query.Text)}", denied.MessageText, reads ? $"grant pg_read_all_data to {role}" : null));
            }
            catch (Exception failed) when (failed is PostgresException or JsonException)
            {
                // Its types cannot be told without its values, its tables are gone, or planning takes too long.
            }
        }
        return plans;
    }

    private async Task<HashSet<string>> NamesAsync(string sql, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new(sql, connection);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        while (await row.ReadAsync(cancellationToken).ConfigureAwait(false))
            names.Add(row.GetString(0));
        return names;
    }

    private static string Shown(string text)
    {
        string line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= ShownLength ? line : line[..ShownLength] + " ...";
    }
}
