using System.Text.Json;
using Npgsql;

namespace TByte.Functions.Diagnosis.Indexes;

/// <summary>Gets the plans of a workload.</summary>
internal static class WorkloadPlans
{
    private const int MostStatements = 20;
    private const int ShownLength = 80;
    private const string Hidden = "<insufficient privilege>";

    // Planning works out functions with the rights of whoever plans: one that a lesser role has made must not get a superuser's.
    private const string ForeignFunctionsSql = """
        select /* tbyte-diagnosis */ distinct p.proname from pg_proc p join pg_roles r on r.oid = p.proowner
        where current_setting('is_superuser') = 'on' and not r.rolsuper
        """;

    /// <summary>Names of functions that must not be worked out with the rights of the connection's role.</summary>
    public static async Task<HashSet<string>> ForeignFunctionsAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new(ForeignFunctionsSql, connection);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        HashSet<string> functions = new(StringComparer.OrdinalIgnoreCase);
        while (await row.ReadAsync(cancellationToken).ConfigureAwait(false))
            functions.Add(row.GetString(0));
        return functions;
    }

    /// <summary>The statements that took the most time, of those that can be planned.</summary>
    public static async Task<IReadOnlyList<(WorkloadQuery Query, PlanNode Plan)>> ReadAsync(
        ExplainSession explain,
        IReadOnlyList<WorkloadQuery> workload,
        IReadOnlySet<string> foreignFunctions,
        ICollection<NotSeen> notSeen,
        Func<bool> hasTime,
        CancellationToken cancellationToken)
    {
        if (workload.Any(query => query.Text == Hidden))
            notSeen.Add(new NotSeen("Statements of other roles", "their texts are hidden", "grant pg_read_all_stats to current_user"));

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
                notSeen.Add(new NotSeen($"Indexes for: {Shown(query.Text)}", denied.MessageText, "grant pg_read_all_data to current_user"));
            }
            catch (Exception failed) when (failed is PostgresException or JsonException)
            {
                // Its types cannot be told without its values, its tables are gone, or planning takes too long.
            }
        }
        return plans;
    }

    private static string Shown(string text)
    {
        string line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line.Length <= ShownLength ? line : line[..ShownLength] + " ...";
    }
}
