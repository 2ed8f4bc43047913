using CsCheck;
using TByte.Functions.Postgres;

namespace TByte.Functions.Core.Tests.Postgres.Routing;

public sealed class HedgeBudgetTests
{
    [Fact]
    public void Hedges_never_exceed_their_share_of_the_reads_and_the_burst() =>
        Gen.Select(Gen.Double[0, 0.1], Gen.Bool.Array[0, 2_000]).Sample((share, wanted) =>
        {
            HedgeBudget budget = new(share);
            int hedges = 0;
            for (int reads = 1; reads <= wanted.Length; reads++)
            {
                budget.Earn();
                if (wanted[reads - 1] && budget.TrySpend())
                    hedges++;
                // The sum of many small shares is off by less than this.
                Assert.True(hedges <= (share * reads) + HedgeBudget.Burst + 1e-6, $"{hedges} hedges of {reads} reads");
            }
        });

    [Fact]
    public void Slow_servers_use_up_the_whole_share()
    {
        HedgeBudget budget = new(0.02);
        int hedges = 0;
        for (int reads = 0; reads < 10_000; reads++)
        {
            budget.Earn();
            hedges += budget.TrySpend() ? 1 : 0;
        }

        Assert.InRange(hedges, 200, 200 + HedgeBudget.Burst);
    }

    [Fact]
    public void A_share_of_nothing_is_no_hedge_at_all()
    {
        HedgeBudget budget = new(0);
        budget.Earn();
        Assert.False(budget.TrySpend());
    }
}
