using Npgsql;

namespace TByte.Functions.Postgres;

/// <summary>A statement, as PostgreSQL counts it since its statistics were last reset.</summary>
/// <param name="Text">Its text, with placeholders for values.</param>
/// <param name="Calls">How often it ran.</param>
/// <param name="Mean">How long it takes on average.</param>
/// <param name="Share">Its share in the time of all statements of this database, 0 to 1.</param>
public sealed record SlowQuery(string Text, long Calls, TimeSpan Mean, double Share);

/// <summary>Reads <c>pg_stat_statements</c>.</summary>
public sealed class SlowQueries
{
    private const string FindSql = """
        select query, calls, mean_exec_time, total_exec_time / sum(total_exec_time) over ()
        from pg_stat_statements
        where dbid = (select oid from pg_database where datname = current_database()) and calls > 0 and total_exec_time > 0
            -- Utility statements are kept with their values: one that sets a password must not get into a log.
            and query !~* 'password'
        order by (mean_exec_time > $1) desc, total_exec_time desc
        limit $2
        """;

    private readonly ShopDatabase _database;

    internal SlowQueries(ShopDatabase database) => _database = database;

    /// <summary>The statements whose mean is above a threshold, those that take the most time first; null when the server does not count them.</summary>
    /// <exception cref="DatabaseUnavailableException">The database does not answer.</exception>
    public async Task<IReadOnlyList<SlowQuery>?> FindAsync(TimeSpan threshold, int most, CancellationToken cancellationToken)
    {
        try
        {
            return await _database.ReadPrimaryAsync((threshold, most), static async (connection, asked) =>
            {
                await using NpgsqlCommand command = new(FindSql, connection)
                {
                    Parameters = { new() { Value = asked.threshold.TotalMilliseconds }, new() { Value = asked.most } },
                };
                await using NpgsqlDataReader row = await command.ExecuteReaderAsync();
                List<SlowQuery> queries = [];
                while (await row.ReadAsync())
                {
                    if (row.GetDouble(2) > asked.threshold.TotalMilliseconds)
                        queries.Add(new SlowQuery(row.GetString(0), row.GetInt64(1), TimeSpan.FromMilliseconds(row.GetDouble(2)), row.GetDouble(3)));
                }

                return queries;
            }, cancellationToken);
        }
        catch (PostgresException missing) when (missing.SqlState
            is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.ObjectNotInPrerequisiteState or PostgresErrorCodes.InsufficientPrivilege)
        {
            return null;
        }
    }
}
