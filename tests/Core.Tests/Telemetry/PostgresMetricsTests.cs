using Npgsql;
using TByte.Functions.Core.Tests.Postgres;
using TByte.Functions.Postgres;
using TByte.Functions.Testing;
using TByte.Functions.Testing.Postgres;

namespace TByte.Functions.Core.Tests.Telemetry;

/// <summary>Servers are told with their states and their use, and attempts with what came of them. Lag is in ReplicaLagMetricTests.</summary>
public sealed class PostgresMetricsTests(PostgresFixture postgres)
{
    private const string Attempts = "tbyte.postgres.attempt.duration";
    private const string Primary = "server.name=postgres-primary";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Places_that_are_taken_and_waited_for_are_measured()
    {
        string database = await postgres.CreateDatabaseAsync();
        await using DatabaseInstance instance = await StartAsync(database, ("Postgres:MaxPoolSize", 2));
        using Measurements measured = new(instance.Meters);
        await using NpgsqlConnection keeper = new(database + ";Pooling=false");
        await keeper.OpenAsync(Token);
        await AskAsync(keeper, "select pg_advisory_lock(1)");

        Task<object?>[] reads = [.. Enumerable.Range(0, 5).Select(_ => instance.Database.ReadAsync("select pg_advisory_xact_lock_shared(1)", AskAsync, Token))];
        await Eventually.HoldsAsync(() => measured.Now("tbyte.postgres.places.taken", Primary) == 2, "all places are taken", Token);
        Assert.Equal(3, measured.Now("tbyte.postgres.places.waiting", Primary));
        Assert.Equal(2, measured.Now("tbyte.postgres.places.limit", Primary));

        await AskAsync(keeper, "select pg_advisory_unlock(1)");
        await Task.WhenAll(reads);
        await Eventually.HoldsAsync(() => measured.Now("tbyte.postgres.places.taken", Primary) == 0, "all places are free", Token);
        Assert.Equal(0, measured.Now("tbyte.postgres.places.waiting", Primary));
        Assert.Equal(5, measured.Of(Attempts, $"{Primary} attempt.kind=first attempt.outcome=answered").Count);
    }

    [Fact]
    public async Task A_server_that_goes_is_told_with_its_state_and_its_failed_attempts()
    {
        await using TestPostgres server = await TestPostgres.StartAsync(Token);
        await using DatabaseInstance instance = await StartAsync(server.ConnectionString, ("Postgres:ReadBudget", "00:00:05"));
        using Measurements measured = new(instance.Meters);
        Assert.Equal(1, measured.Now("tbyte.postgres.server.state", $"{Primary} server.state=up"));

        await server.DisposeAsync();
        await Assert.ThrowsAsync<DatabaseUnavailableException>(() => instance.Database.ReadAsync("select 1", AskAsync, Token));

        await Eventually.HoldsAsync(
            () => measured.Now("tbyte.postgres.server.state", $"{Primary} server.state=down") == 1
                || measured.Now("tbyte.postgres.server.state", $"{Primary} server.state=broken") == 1,
            "it is known that it is gone",
            Token);
        Assert.Equal(0, measured.Now("tbyte.postgres.server.state", $"{Primary} server.state=up"));
        Assert.NotEmpty(measured.Of(Attempts, $"{Primary} attempt.kind=first attempt.outcome=failed"));
        Assert.NotEmpty(measured.Of(Attempts, $"{Primary} attempt.kind=retry"));
        Assert.Empty(measured.Of(Attempts, "attempt.outcome=answered"));
    }

    private static async Task<DatabaseInstance> StartAsync(string database, params (string, object)[] settings) =>
        await (await DatabaseInstance.StartAsync(database, [], settings)).AllUpAsync();

    private static async Task<object?> AskAsync(NpgsqlConnection connection, string sql)
    {
        await using NpgsqlCommand command = new(sql, connection);
        return await command.ExecuteScalarAsync(CancellationToken.None);
    }
}
