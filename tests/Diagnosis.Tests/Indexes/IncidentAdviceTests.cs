using TByte.Functions.Diagnosis.Indexes;
using TByte.Functions.Testing.Postgres;

namespace TByte.Functions.Diagnosis.Tests.Indexes;

public sealed class IncidentAdviceTests(ITestOutputHelper output)
{
    private static readonly string[] ShopIndexes =
    [
        "create index on users (email) where active",
        "create index on orders (user_id, created_at desc, id desc) include (total_amount, status)",
        "create index on products (category_id, price, id) where available",
        "create index on products (price, id) where available",
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_indexes_that_the_incident_lacked_are_found_by_arithmetic()
    {
        await using TestPostgres server = await TestPostgres.StartAsync(Cancellation);
        await AdviseAsync(server, IndexProof.Cost);
    }

    [Fact]
    public async Task They_are_found_by_hypothetical_indexes_too()
    {
        OlderPostgres? older = OlderPostgres.Find();
        Assert.SkipWhen(older is null, OlderPostgres.Missing);
        await using TestPostgres server = await TestPostgres.StartAsync(Cancellation, older: older);
        await AdviseAsync(server, IndexProof.Hypothetical);
    }

    private async Task AdviseAsync(TestPostgres server, IndexProof proof)
    {
        IncidentShop shop = await IncidentShop.CreateAsync(server, Cancellation);
        if (proof == IndexProof.Hypothetical)
            await shop.ExecuteAsync("create extension hypopg", Cancellation);
        IReadOnlyList<WorkloadQuery> workload = await shop.WorkloadAsync(Cancellation);
        double before = await CostAsync(shop, workload);
        IndexAdvice advice = await shop.AdviseAsync(workload, Cancellation);
        Show(advice);

        Assert.All(advice.Proposals, proposal => Assert.Equal(proof, proposal.Proof));
        Assert.Contains(advice.Proposals, proposal => proposal is { Table: "users", Definition: "using btree (email) where active" });
        Assert.Contains(advice.Proposals, proposal => proposal is
        {
            Table: "orders",
            Definition: "using btree (user_id, created_at desc, id desc) include (status, total_amount)",
        });
        Assert.Contains(advice.Proposals, proposal => proposal is { Table: "products", Definition: "using btree (category_id, price, id) where available" });
        Assert.DoesNotContain(advice.Proposals, proposal => proposal.Definition.Contains("view_count", StringComparison.Ordinal));

        double proposed = await ApplyAsync(shop, workload, [.. advice.Proposals.Select(proposal => proposal.Sql)]);
        Assert.Empty(await shop.NamesAsync("select indexrelname from pg_stat_user_indexes where indexrelname like '%_tb' and idx_scan = 0", Cancellation));
        Assert.Empty((await shop.AdviseAsync(workload, Cancellation)).Proposals);

        IncidentShop other = await IncidentShop.CreateAsync(server, Cancellation);
        double own = await ApplyAsync(other, workload, ShopIndexes);
        output.WriteLine($"cost of the workload: {before:0} before, {proposed:0} with what was proposed, {own:0} with the shop's own");
        Assert.InRange(proposed, 0, own * 1.01);
    }

    private static async Task<double> ApplyAsync(IncidentShop shop, IReadOnlyList<WorkloadQuery> workload, IReadOnlyList<string> statements)
    {
        foreach (string statement in statements)
            await shop.ExecuteAsync(statement, Cancellation);
        await shop.VacuumAsync(Cancellation);
        await ShopCalls.RunAsync(shop.Database, Cancellation);
        return await CostAsync(shop, workload);
    }

    private static async Task<double> CostAsync(IncidentShop shop, IReadOnlyList<WorkloadQuery> workload) =>
        (await shop.PlansAsync(workload, Cancellation)).Sum(statement => statement.Key.Calls * statement.Value.TotalCost);

    private void Show(IndexAdvice advice)
    {
        foreach (IndexProposal proposal in advice.Proposals)
        {
            output.WriteLine($"{proposal.Sql} -- {proposal.TimeShare:P1}, {proposal.EstimatedBytes / 1024} KB, {proposal.WritesPerSecond:0.0}/s");
            foreach (QueryGain gain in proposal.Gains)
            {
                string text = gain.Query.Text.ReplaceLineEndings(" ")[..60];
                output.WriteLine($"    {gain.CostBefore:0.0} -> {gain.CostAfter:0.0} {gain.Query.Calls} calls, {gain.Query.TotalMs:0} ms: {text}");
            }
        }
        foreach (NotSeen notSeen in advice.NotSeen)
            output.WriteLine($"{notSeen}");
    }
}
