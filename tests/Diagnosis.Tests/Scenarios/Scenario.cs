using Npgsql;
using StackExchange.Redis;

namespace TByte.Functions.Diagnosis.Tests.Scenarios;

/// <summary>One shop while it is diagnosed: what readers do to it, and the faults that were injected.</summary>
internal sealed class Scenario(ScenarioWorld world, string database, ConnectionMultiplexer redis) : IAsyncDisposable
{
    private readonly CancellationTokenSource _ending = new();
    private readonly List<Task> _loops = [];
    private readonly List<Func<Task>> _repairs = [];

    public ScenarioWorld World => world;

    public string Primary { get; } = world.Cluster.Primary.ConnectionTo(database);

    public string Replica { get; } = world.Cluster.Replicas[0].ConnectionTo(database);

    public IDatabase Redis => redis.GetDatabase();

    public IServer RedisServer => redis.GetServers()[0];

    /// <summary>Where the diagnosis looks for Redis; a fault may point it elsewhere.</summary>
    public string RedisConnection { get; set; } = world.Redis.Connection;

    /// <summary>Whether readers use the cache as they should.</summary>
    public bool HasHealthyReaders { get; set; } = true;

    public Task ExecuteAsync(string sql) => ScenarioWorld.ExecuteAsync(Primary, sql);

    /// <summary>A connection that stays open until the scenario ends.</summary>
    public async Task<NpgsqlConnection> HoldAsync(string application, params string[] statements)
    {
        NpgsqlConnection connection = new($"{Primary};Pooling=false;Application Name={application}");
        _repairs.Add(() => connection.DisposeAsync().AsTask());
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        foreach (string statement in statements)
        {
            await using NpgsqlCommand command = new(statement, connection);
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        return connection;
    }

    /// <summary>Runs something over and over until the scenario ends.</summary>
    public void Repeat(Func<int, Task> work, int pauseMs = 1) => _loops.Add(Task.Run(async () =>
    {
        for (int i = 0; !_ending.IsCancellationRequested; i++)
        {
            try
            {
                await work(i);
                await Task.Delay(pauseMs, _ending.Token);
            }
            catch (Exception e) when (e is NpgsqlException or RedisException or OperationCanceledException or InvalidOperationException)
            {
                // A fault may be what ends it.
                await Task.Delay(50, CancellationToken.None);
            }
        }
    }));

    /// <summary>What has to be put right in the servers that scenarios share.</summary>
    public void Afterwards(Func<Task> repair) => _repairs.Add(repair);

    public async Task<DiagnosisReport> DiagnoseAsync()
    {
        DiagnosisRun run = new(new DiagnosisTarget(Primary, [Replica], RedisConnection), TimeProvider.System);
        return (await run.RunAsync(memory: null, TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken)).Report;
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        foreach (Func<Task> repair in Enumerable.Reverse(_repairs))
            await repair();
        await Task.WhenAll(_loops);
        _ending.Dispose();
        await redis.DisposeAsync();
        await world.EndAsync(database);
    }
}
