using System.Globalization;
using NpgsqlTypes;
using TByte.Functions.LocalHost.Servers;

namespace TByte.Functions.Testing.Postgres;

/// <summary>A primary and its streaming replicas on free ports, all with a small shop.</summary>
public sealed class TestPostgresCluster : IAsyncDisposable
{
    private readonly PostgresCluster _cluster;
    private readonly TestDataDirectory _directory;

    private TestPostgresCluster(PostgresCluster cluster, TestDataDirectory directory)
    {
        _cluster = cluster;
        _directory = directory;
        Primary = new TestPostgresPrimary(cluster.Primary);
        Replicas = [.. cluster.Replicas.Select(replica => new TestPostgresReplica(replica))];
    }

    public TestPostgresPrimary Primary { get; }

    public IReadOnlyList<TestPostgresReplica> Replicas { get; }

    /// <summary>Starts them, fills the primary's database and waits until every replica has it too.</summary>
    public static async Task<TestPostgresCluster> StartAsync(
        int replicas, CancellationToken cancellationToken, ShopContents contents = ShopContents.SmallShop)
    {
        TestDataDirectory directory = await TestDataDirectory.CreateAsync(cancellationToken);
        PostgresServerOptions primary = Options(directory, "primary");
        new PostgresData(directory.Home, primary.DataDirectory).CopyFrom(directory.EmptyServer, asStandby: false);
        IEnumerable<string> names = Enumerable.Range(1, replicas).Select(i => string.Create(CultureInfo.InvariantCulture, $"replica-{i}"));
        var cluster = new TestPostgresCluster(
            await PostgresCluster.StartAsync(primary, [.. names.Select(name => Options(directory, name))], cancellationToken), directory);
        try
        {
            await TestShop.FillAsync(cluster.Primary.ConnectionString, contents, cancellationToken);
            foreach (TestPostgresReplica replica in cluster.Replicas)
                await cluster.CatchUpAsync(replica, cancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until a replica has replayed all that the primary has committed by now.</summary>
    public async Task CatchUpAsync(TestPostgresReplica replica, CancellationToken cancellationToken)
    {
        NpgsqlLogSequenceNumber position = await Primary.LogPositionAsync(cancellationToken);
        await Eventually.HoldsAsync(
            () => replica.HasReplayedAsync(position, cancellationToken), $"the replica has replayed {position}", cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        _directory.Dispose();
    }

    // A commit that is only in memory has no position in the log yet that a replica could be waited for.
    private static PostgresServerOptions Options(TestDataDirectory directory, string name) =>
        directory.Options(name) with { Settings = new Dictionary<string, string> { ["synchronous_commit"] = "on" } };
}
