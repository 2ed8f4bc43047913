using System.Text.Json;
using Npgsql;

namespace TByte.Functions.Diagnosis.Indexes;

/// <summary>Lets the planner itself choose among indexes that only it sees: HypoPG's, which live in this session and on no disk.</summary>
internal sealed class HypotheticalProof(NpgsqlConnection connection, NpgsqlTransaction transaction, ExplainSession explain) : IIndexProof
{
    private const string Savepoint = "tbyte_hypothetical";
    private const string CreateSql = "select /* tbyte-diagnosis */ hypopg_relation_size(indexrelid) from hypopg_create_index($1)";

    private string _there = "";

    public IndexProof Kind => IndexProof.Hypothetical;

    public static async Task<bool> IsAvailableAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new(
            "select /* tbyte-diagnosis */ exists (select from pg_extension where extname = 'hypopg') and to_regproc('hypopg_create_index') is not null", connection);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false))!;
    }

    public async Task<double> CostAsync(StatementPlan statement, IReadOnlyList<CandidateIndex> indexes, CancellationToken cancellationToken)
    {
        await CreateAsync(indexes, cancellationToken).ConfigureAwait(false);
        try
        {
            return (await explain.ExplainAsync(statement.Query.Text, cancellationToken).ConfigureAwait(false)).TotalCost;
        }
        catch (Exception failed) when (failed is PostgresException or JsonException)
        {
            return statement.Cost;
        }
    }

    public async Task<long> SizeAsync(CandidateIndex index, CancellationToken cancellationToken)
    {
        _there = "";
        await ResetAsync(cancellationToken).ConfigureAwait(false);
        return await TryCreateAsync(index, cancellationToken).ConfigureAwait(false) ?? index.EstimatedBytes;
    }

    /// <summary>Forgets all of them.</summary>
    public async Task ResetAsync(CancellationToken cancellationToken)
    {
        await using NpgsqlCommand command = new("select /* tbyte-diagnosis */ hypopg_reset()", connection);
        await command.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
    }

    private async Task CreateAsync(IReadOnlyList<CandidateIndex> indexes, CancellationToken cancellationToken)
    {
        string wanted = string.Join(' ', indexes.Select(index => index.Name));
        if (wanted == _there)
            return;
        await ResetAsync(cancellationToken).ConfigureAwait(false);
        foreach (CandidateIndex index in indexes)
            await TryCreateAsync(index, cancellationToken).ConfigureAwait(false);
        _there = wanted;
    }

    // Null when HypoPG cannot make such an index: then no statement can gain by it.
    private async Task<long?> TryCreateAsync(CandidateIndex index, CancellationToken cancellationToken)
    {
        await transaction.SaveAsync(Savepoint, cancellationToken).ConfigureAwait(false);
        try
        {
            await using NpgsqlCommand command = new(CreateSql, connection)
            {
                Parameters = { new() { Value = $"create index on {index.Table.Sql} {index.Definition}" } },
            };
            return await command.ExecuteScalarAsync(cancellationToken).ConfigureAwait(false) as long?;
        }
        catch (PostgresException)
        {
            await transaction.RollbackAsync(Savepoint, cancellationToken).ConfigureAwait(false);
            return null;
        }
    }
}
