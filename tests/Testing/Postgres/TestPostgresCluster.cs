using System.Globalization;
using NpgsqlTypes;
using TByte.Functions.LocalHost.Servers;
using TByte.Functions.Testing.Postgres.Statements;

namespace TByte.Functions.Testing.Postgres;

/// <summary>A primary and its streaming replicas on free ports, all with a small shop.</summary>
public sealed class TestPostgresCluster : IAsyncDisposable
{
    private readonly PostgresCluster _cluster;
    private readonly TestDataDirectory _directory;

    private TestPostgresCluster(PostgresCluster cluster, StatementLog?[] statements, TestDataDirectory directory)
    {
        _cluster = cluster;
        _directory = directory;
        Primary = new TestPostgresPrimary(cluster.Primary, statements[0]);
        Replicas = [.. cluster.Replicas.Select((replica, i) => new TestPostgresReplica(replica, statements[i + 1]))];
    }

    public TestPostgresPrimary Primary { get; }

    public IReadOnlyList<TestPostgresReplica> Replicas { get; }

    /// <summary>Starts them, fills the primary's database and waits until every replica has it too.</summary>
    /// <param name="replicas">How many there are besides the primary.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    /// <param name="contents">What the database holds.</param>
    /// <param name="logStatements">Whether the servers say which statements they run.</param>
    /// <param name="settings">Further lines of each server's configuration.</param>
    public static async Task<TestPostgresCluster> StartAsync(
        int replicas,
        CancellationToken cancellationToken,
        ShopContents contents = ShopContents.SmallShop,
        bool logStatements = false,
        IReadOnlyDictionary<string, string>? settings = null)
    {
        TestDataDirectory directory = await TestDataDirectory.CreateAsync(cancellationToken);
        StatementLog?[] statements = [.. Enumerable.Range(0, replicas + 1).Select(_ => logStatements ? new StatementLog() : null)];
        PostgresServerOptions[] servers = [.. statements.Select((log, i) => Options(directory, i, log, settings))];
        new PostgresData(directory.Home, servers[0].DataDirectory).CopyFrom(directory.EmptyServer, asStandby: false);
        var cluster = new TestPostgresCluster(
            await PostgresCluster.StartAsync(servers[0], servers[1..], cancellationToken), statements, directory);
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

    private static PostgresServerOptions Options(
        TestDataDirectory directory, int number, StatementLog? statements, IReadOnlyDictionary<string, string>? settings)
    {
        string name = number == 0 ? "primary" : string.Create(CultureInfo.InvariantCulture, $"replica-{number}");
        PostgresServerOptions options = directory.Options(name, statements);
        // A commit that is only in memory has no position in the log yet that a replica could be waited for.
        Dictionary<string, string> all = new(options.Settings.Concat(settings ?? new Dictionary<string, string>())) { ["synchronous_commit"] = "on" };
        return options with { Settings = all };
    }
}
