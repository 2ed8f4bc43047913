using TByte.Functions.Testing.Postgres;
using TByte.Functions.Testing.Postgres.Statements;

namespace TByte.Functions.Fleet.Tests;

/// <summary>A fleet over a primary and two replicas; who is asked for what is told by the servers themselves.</summary>
internal sealed class ReplicatedFleet : IAsyncDisposable
{
    private const int Replicas = 2;

    private ReplicatedFleet(TestPostgresCluster cluster, ApiFleet api)
    {
        Cluster = cluster;
        Api = api;
    }

    public TestPostgresCluster Cluster { get; }

    public TestPostgresPrimary Primary => Cluster.Primary;

    public ApiFleet Api { get; }

    /// <param name="instances">How many.</param>
    /// <param name="redis">Where Redis is; empty for none.</param>
    /// <param name="settings">Further settings.</param>
    public static async Task<ReplicatedFleet> StartAsync(int instances, string redis, params (string Key, object Value)[] settings)
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        TestPostgresCluster cluster = await TestPostgresCluster.StartAsync(Replicas, token, logStatements: true);
        try
        {
            (string, object)[] all =
            [
                .. cluster.Replicas.Select((replica, i) => ($"Postgres__Replicas__{i}", (object)replica.ConnectionString)),
                ("Postgres__StatementTimeout", "00:00:20"),
                ("Postgres__ProbeInterval", "00:00:00.100"),
                // On a busy machine a server that is well may take long to answer.
                ("Postgres__ProbeTimeout", "00:00:10"), ("Postgres__AttemptTimeout", "00:00:10"), ("Postgres__HedgeShare", 0),
                .. settings,
            ];
            return new ReplicatedFleet(cluster, await ApiFleet.StartAsync(instances, cluster.Primary.ConnectionString, redis, budget: null, all));
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>A read of one product by the Api, as a server has logged it.</summary>
    public static bool IsProductRead(LoggedStatement statement) =>
        statement.Application == "tbyte-functions" && statement.Text.EndsWith("from products where id = $1", StringComparison.Ordinal);

    /// <summary>The products that the Api has read on a server so far, in order, each as often as it was read.</summary>
    public static async Task<IReadOnlyList<int>> ProductsReadAsync(TestPostgresServer server)
    {
        StatementLog log = await server.StatementsSoFarAsync(TestContext.Current.CancellationToken);
        return [.. log.All.Where(IsProductRead).Select(ProductOf)];
    }

    public async ValueTask DisposeAsync()
    {
        await Api.DisposeAsync();
        await Cluster.DisposeAsync();
    }

    // $1 = '7'
    private static int ProductOf(LoggedStatement read) =>
        int.Parse(read.Parameters.Split('\'')[1], System.Globalization.CultureInfo.InvariantCulture);
}
