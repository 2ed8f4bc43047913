using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Npgsql;
using TByte.Functions.Telemetry;
using TByte.Functions.Testing;
using TByte.Functions.Testing.Postgres;

namespace TByte.Functions.Core.Tests.Postgres.Routing;

public sealed class ReplicaLagMetricTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>The age of the last transaction would grow, too, while nobody writes.</summary>
    [Fact]
    public async Task Is_nothing_while_the_primary_is_idle_and_grows_for_the_replica_that_does_not_follow()
    {
        await using TestPostgresCluster cluster = await TestPostgresCluster.StartAsync(2, Token, ShopContents.Nothing);
        await using DatabaseInstance instance = await DatabaseInstance.StartAsync(
            cluster.Primary.ConnectionString, [.. cluster.Replicas.Select(static replica => replica.ConnectionString)]);
        await instance.AllUpAsync();
        using MetricCollector<double> lag = new(instance.Meters, PostgresMetrics.MeterName, "tbyte.postgres.replica.lag");
        await WriteAsync(instance);
        await Eventually.HoldsAsync(() => Lags(lag) is [("postgres-replica-1", 0), ("postgres-replica-2", 0)], "both have replayed it", Token);
        await Task.Delay(TimeSpan.FromSeconds(2), Token);
        Assert.Equal([("postgres-replica-1", 0), ("postgres-replica-2", 0)], Lags(lag));

        await cluster.Replicas[0].PauseReplayAsync(Token);
        await WriteAsync(instance);

        await Eventually.HoldsAsync(() => Lags(lag) is [("postgres-replica-1", > 1 and < 30), ("postgres-replica-2", 0)], "one lags", Token);
        await cluster.Replicas[0].ResumeReplayAsync(Token);
        await Eventually.HoldsAsync(() => Lags(lag) is [("postgres-replica-1", 0), ("postgres-replica-2", 0)], "it has caught up", Token);
    }

    private static Task<int> WriteAsync(DatabaseInstance instance) => instance.Database.WriteAsync(0, static async (connection, unused) =>
    {
        await using NpgsqlCommand command = new("create table if not exists written (at timestamptz); insert into written values (now())", connection);
        return await command.ExecuteNonQueryAsync();
    }, Token);

    private static (string Server, double Seconds)[] Lags(MetricCollector<double> lag)
    {
        lag.Clear();
        lag.RecordObservableInstruments();
        return [.. lag.GetMeasurementSnapshot().Select(static measured => ((string)measured.Tags["server.name"]!, measured.Value)).Order()];
    }
}
