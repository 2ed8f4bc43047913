using TByte.Functions.LocalHost.Data.Generated;
using TByte.Functions.Testing.Postgres;
using TByte.Functions.Testing.Redis;
using TByte.Functions.WarmStart;

namespace TByte.Functions.Fleet.Tests;

/// <summary>What <c>./dev warm-start</c> measures on a shop's real sales, on a small trace whose favourites come and go.</summary>
public sealed class WarmStartTests(PostgresFixture postgres)
{
    private const int Products = 500;
    private const int Reads = 10_000;

    private static readonly DateTimeOffset FirstDay = new(2026, 3, 2, 0, 0, 0, TimeSpan.Zero);

    private static readonly Variant Nothing = new(Rule.Nothing, 0);
    private static readonly Variant AllTime = new(Rule.AllTime, 50);
    private static readonly Variant Recent = new(Rule.Recent, 50);

    [Fact]
    public async Task What_is_read_of_late_warms_better_than_what_was_ever_read()
    {
        await using TestRedis redis = await TestRedis.StartAsync(TestContext.Current.CancellationToken);
        Backends backends = new(await postgres.CreateDatabaseAsync(), redis);
        MeasurementPlan plan = new([Nothing, AllTime, Recent], Points: 3, Reads: 300, Alone: Recent);

        Measurement measurement = await new RestartRun(Trace(), plan, backends, TestContext.Current.SendDiagnosticMessage)
            .RunAsync(TestContext.Current.CancellationToken);

        Assert.Equal(Reads, measurement.Views);
        Assert.All(measurement.Restarts, static restart => Assert.Equal(restart.Variant.Products, restart.Warmed));
        Assert.All(measurement.Restarts, static restart => Assert.Equal(0, restart.LoadedAgain));
        for (int point = 0; point < plan.Points; point++)
        {
            double[] ratios = [.. plan.Variants.Select(variant => measurement.LogsOf(variant)[point].HitRatio)];
            Assert.True(ratios[2] >= ratios[1] && ratios[1] > ratios[0], $"At point {point + 1}: {string.Join(", ", ratios)}");
        }

        Assert.Equal(plan.Points, measurement.Alone.Count);
        Assert.All(measurement.Alone, static alone =>
        {
            Assert.Equal(alone.Others.HitRatio, alone.Itself.HitRatio, tolerance: 0.03);
            Assert.Equal(Recent.Products, alone.Warmed);
        });
    }

    /// <summary>
    /// Log-uniform ranks, which is Zipf's law; the whole order moves up by one every 50 reads, and the first becomes the last. 250 reads
    /// a day, within ten hours.
    /// </summary>
    private static ProductRead[] Trace()
    {
        DeterministicRandom random = new(20260302);
        ProductRead[] reads = new ProductRead[Reads];
        for (int i = 0; i < Reads; i++)
        {
            int rank = (int)Math.Pow(Products, random.Below(1 << 30) / (double)(1 << 30));
            reads[i] = new ProductRead(FirstDay.AddDays(i / 250).AddHours(9 + i % 250 / 25), 1 + (rank - 1 + i / 50) % Products);
        }

        return reads;
    }
}
