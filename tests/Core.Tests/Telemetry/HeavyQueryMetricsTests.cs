using TByte.Functions.Core.Tests.Throttling;
using TByte.Functions.Testing;
using TByte.Functions.Testing.Postgres;
using TByte.Functions.Throttling;

namespace TByte.Functions.Core.Tests.Telemetry;

/// <summary>How many heavy queries run and wait, how long each has waited, and who was sent away.</summary>
public sealed class HeavyQueryMetricsTests(PostgresFixture postgres)
{
    private const string Waits = "tbyte.heavy_query.wait.duration";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Running_waiting_and_rejected_queries_are_measured()
    {
        string database = await postgres.CreateDatabaseAsync();
        await using GateInstance instance = await GateInstance.StartAsync(
            database, "", ("HeavyQueries:MaxRunning", 3), ("HeavyQueries:MaxRunningUnderPressure", 1), ("HeavyQueries:QueueLength", 2));
        _ = instance.Gate;
        using Measurements measured = new(instance.Meters);
        await using Turnstile turnstile = await Turnstile.InstallAsync(database, beforeReports: false);
        await turnstile.CloseAsync();

        Task<long>[] queries = [.. Enumerable.Range(0, 9).Select(_ => instance.PassAsync(cancellationToken: Token))];
        await Eventually.HoldsAsync(async () => await turnstile.InsideAsync() == 3, "three are inside", Token);

        Assert.Equal((3, 2, 3), (Now("running"), Now("waiting"), Now("limit")));
        Assert.Equal(4, measured.Of(Waits, "heavy_query.outcome=rejected").Count);
        Assert.Equal(3, measured.Of(Waits, "heavy_query.outcome=admitted").Count);

        await turnstile.OpenAsync();
        await Task.WhenAll(queries.Where(static query => !query.IsFaulted));
        await Eventually.HoldsAsync(() => Now("running") == 0, "all have ended", Token);
        Assert.Equal(0, Now("waiting"));
        Assert.Equal(5, measured.Of(Waits, "heavy_query.outcome=admitted").Count);
        Assert.All(queries.Where(static query => query.IsFaulted), static query => Assert.IsType<HeavyQueryRejectedException>(query.Exception!.InnerException));

        double? Now(string what) => measured.Now($"tbyte.heavy_query.{what}");
    }
}
