using System.Data;
using System.Runtime.CompilerServices;
using Npgsql;

namespace TByte.Functions.Diagnosis.Indexes;

/// <summary>
/// Proposes indexes for a workload. It runs none of its statements, writes nothing, and holds no lock for longer than a plan takes.
/// </summary>
internal sealed class IndexAdvisor(TimeProvider time)
{
    private const int MostCandidates = 60;

    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(30);

    /// <summary>
    /// What was written in the window, by the name of the table; of tables that are not named the mean since the server's statistics were
    /// reset counts, which a bulk load makes far too much.
    /// </summary>
    public IReadOnlyDictionary<string, TableCounter> Writes { get; init; } = new Dictionary<string, TableCounter>();

    /// <summary>Proposes what pays; does not fail: what could not be judged is named.</summary>
    /// <param name="connection">To the primary or a replica, open, with no transaction; its role need not be allowed to write.</param>
    /// <param name="workload">Statements as <c>pg_stat_statements</c> counts them; the 20 that took the most time are judged.</param>
    /// <param name="window">How long they were counted; zero when that is not known.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<IndexAdvice> AdviseAsync(
        NpgsqlConnection connection, IReadOnlyList<WorkloadQuery> workload, TimeSpan window, CancellationToken cancellationToken)
    {
        List<NotSeen> notSeen = [];
        try
        {
            NpgsqlTransaction transaction =
                await connection.BeginTransactionAsync(IsolationLevel.ReadCommitted, cancellationToken).ConfigureAwait(false);
            await using ConfiguredAsyncDisposable rollback = transaction.ConfigureAwait(false);
            await using (NpgsqlCommand readOnly = new("set transaction read only", connection))
                await readOnly.ExecuteNonQueryAsync(cancellationToken).ConfigureAwait(false);
            return new IndexAdvice(
                await ProposeAsync(connection, transaction, workload, window, notSeen, cancellationToken).ConfigureAwait(false), notSeen);
        }
        catch (NpgsqlException failed)
        {
            notSeen.Add(new NotSeen("Indexes that are missing", failed is PostgresException server ? server.MessageText : failed.Message));
            return new IndexAdvice([], notSeen);
        }
    }

    private async Task<IReadOnlyList<IndexProposal>> ProposeAsync(
        NpgsqlConnection connection,
        NpgsqlTransaction transaction,
        IReadOnlyList<WorkloadQuery> workload,
        TimeSpan window,
        List<NotSeen> notSeen,
        CancellationToken cancellationToken)
    {
        long started = time.GetTimestamp();
        bool HasTime() => time.GetElapsedTime(started) < Budget;

        var explain = new ExplainSession(connection, transaction);
        await explain.ConfigureAsync(cancellationToken).ConfigureAwait(false);
        IReadOnlyList<(WorkloadQuery Query, PlanNode Plan)> plans =
            await new WorkloadPlans(connection, explain).ReadAsync(workload, notSeen, HasTime, cancellationToken).ConfigureAwait(false);
        double busyMs = workload.Sum(query => query.TotalMs);
        if (plans.Count == 0 || busyMs <= 0)
            return [];

        var facts = new TableFactsReader(connection);
        Dictionary<(string, string), TableFacts> tables =
            (await facts.ReadAsync(TablesOf(plans), cancellationToken).ConfigureAwait(false)).ToDictionary(table => table.Key, table => Written(table.Value, window));
        var sites = new SiteFinder(tables, await facts.ImmutableAsync(FunctionsOf(plans), cancellationToken).ConfigureAwait(false));
        StatementPlan[] statements =
            [.. plans.Select(plan => new StatementPlan(plan.Query, plan.Plan, plan.Query.TotalMs / busyMs, sites.Find(plan.Plan)))];
        notSeen.AddRange(Partitions(plans, tables));

        var proof = new CostProof(await CostSettings.ReadAsync(connection, cancellationToken).ConfigureAwait(false));
        CandidateIndex[] candidates = [.. CandidateFinder.Find(statements.SelectMany(statement => statement.Sites)).Take(MostCandidates)];
        var writes = new WriteCosts(statements, window, busyMs);
        if (!await HypotheticalProof.IsAvailableAsync(connection, cancellationToken).ConfigureAwait(false))
            return await ProposeAsync(candidates, statements, proof, writes, HasTime, cancellationToken).ConfigureAwait(false);

        var hypothetical = new HypotheticalProof(connection, transaction, explain);
        try
        {
            return await ProposeAsync(candidates, statements, hypothetical, writes, HasTime, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            if (connection.FullState == ConnectionState.Open)
                await hypothetical.ResetAsync(CancellationToken.None).ConfigureAwait(false);
        }
    }

    private TableFacts Written(TableFacts table, TimeSpan window) => window > TimeSpan.Zero && Writes.TryGetValue(table.Sql, out TableCounter? written)
        ? table with
        {
            InsertsPerSecond = written.Inserted / window.TotalSeconds,
            UpdatesPerSecond = written.Updated / window.TotalSeconds,
            DeletesPerSecond = written.Deleted / window.TotalSeconds,
        }
        : table;

    private static async Task<IReadOnlyList<IndexProposal>> ProposeAsync(
        IReadOnlyList<CandidateIndex> candidates,
        IReadOnlyList<StatementPlan> statements,
        IIndexProof proof,
        WriteCosts writes,
        Func<bool> hasTime,
        CancellationToken cancellationToken)
    {
        var selection = new IndexSelection(statements, proof, writes, hasTime);
        List<IndexProposal> proposals = [];
        foreach ((CandidateIndex index, double timeShare) in await selection.ChooseAsync(candidates, cancellationToken).ConfigureAwait(false))
        {
            List<QueryGain> gains = [];
            foreach (StatementPlan statement in statements.Where(statement => statement.Reads(index.Table)))
            {
                double cost = await proof.CostAsync(statement, [index], cancellationToken).ConfigureAwait(false);
                if (cost < statement.Cost)
                    gains.Add(new QueryGain(statement.Query, statement.Cost, cost));
            }
            proposals.Add(new IndexProposal(
                index.Table.Sql,
                index.Name,
                index.Definition,
                proof.Kind,
                [.. gains.OrderByDescending(gain => gain.Query.TotalMs * (1 - (gain.CostAfter / gain.CostBefore)))],
                timeShare,
                await proof.SizeAsync(index, cancellationToken).ConfigureAwait(false),
                index.Table.WritesPerSecond,
                [.. index.Table.Indexes.Where(existing => existing.IsReplacedBy(index)).Select(existing => existing.Name)])
            {
                IsGuess = index.EqualKeys == 0 && !IsInOrder(statements, index),
            });
        }
        return [.. proposals.OrderByDescending(proposal => proposal.TimeShare)];
    }

    private static bool IsInOrder(IEnumerable<StatementPlan> statements, CandidateIndex index) => statements
        .SelectMany(statement => statement.Sites)
        .Any(site => site.Table == index.Table && site.Order.Count > 0 && site.Order[0].Sql == index.Keys[0].Sql);

    private static HashSet<(string Schema, string Name)> TablesOf(IEnumerable<(WorkloadQuery Query, PlanNode Plan)> plans) =>
        [.. plans.SelectMany(plan => plan.Plan.Tree())
            .Where(node => node is { Schema: not null, Table: not null })
            .Select(node => (node.Schema!, node.Table!))];

    private static HashSet<string> FunctionsOf(IEnumerable<(WorkloadQuery Query, PlanNode Plan)> plans) =>
        [.. plans.SelectMany(plan => plan.Plan.Tree()).SelectMany(node => node.Conditions).SelectMany(ConditionParser.Parse)
            .Select(condition => condition.Key.Function).OfType<string>()];

    private static IEnumerable<NotSeen> Partitions(
        IEnumerable<(WorkloadQuery Query, PlanNode Plan)> plans, Dictionary<(string, string), TableFacts> tables) => plans
        .SelectMany(plan => plan.Plan.Tree())
        .Where(node => node is { Type: "Seq Scan", Conditions.Count: > 0, Schema: not null })
        .Select(node => tables.GetValueOrDefault((node.Schema!, node.Table!)))
        .Where(table => table is { Kind: TableKind.Partition, IsSmall: false })
        .DistinctBy(table => table!.Sql)
        .Select(table => new NotSeen(
            $"Indexes of {table!.Sql}", "it is a partition: the index of a partitioned table cannot be made while it is in use in one step"));
}
