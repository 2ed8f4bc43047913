using Npgsql;

namespace TByte.Functions.Diagnosis.Indexes;

/// <summary>What the planner reckons with.</summary>
internal sealed record CostSettings(double SequentialPage, double RandomPage, double Tuple, double IndexTuple, double Operator)
{
    private const string Sql = """
        select /* tbyte-diagnosis */ current_setting('seq_page_cost')::float8, current_setting('random_page_cost')::float8, current_setting('cpu_tuple_cost')::float8,
            current_setting('cpu_index_tuple_cost')::float8, current_setting('cpu_operator_cost')::float8
        """;

    public static async Task<CostSettings> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new(Sql, connection);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await row.ReadAsync(cancellationToken).ConfigureAwait(false);
        return new CostSettings(row.GetDouble(0), row.GetDouble(1), row.GetDouble(2), row.GetDouble(3), row.GetDouble(4));
    }
}
