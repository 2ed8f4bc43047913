using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using TByte.Functions.LocalHost.Data;
using TByte.Functions.LocalHost.Data.Generated;
using TByte.Functions.LocalHost.Servers;
using TByte.Functions.Postgres;

namespace TByte.Functions.Testing.Postgres;

/// <summary>A real PostgreSQL on a free port, with a database of its own for every test that asks for one.</summary>
public sealed class TestPostgres : IAsyncDisposable
{
    private static readonly GeneratorOptions SmallShop = new() { Products = 500, Users = 200, Orders = 2_000 };

    private readonly SemaphoreSlim _preparing = new(1);
    private readonly HashSet<ShopContents> _templates = [];
    private readonly PostgresServer _server;
    private readonly string _directory;

    private TestPostgres(PostgresServer server, string directory)
    {
        _server = server;
        _directory = directory;
    }

    public int Port => _server.Port;

    public static async Task<TestPostgres> StartAsync(CancellationToken cancellationToken)
    {
        PostgresHome home = await PostgresHome.PrepareAsync(Repository.Find(), Repository.State, cancellationToken);
        string tests = Path.Combine(home.Directory, "tests");
        PostgresData empty = await EmptyServerAsync(home, tests, cancellationToken);

        string directory = Path.Combine(tests, string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}-{Guid.NewGuid():N}"));
        new PostgresData(home, directory).CopyFrom(empty, asStandby: false);
        var options = new PostgresServerOptions(home, directory) { Durable = false, MaxConnections = 500 };
        return new TestPostgres(await PostgresServer.StartAsync(options, cancellationToken), directory);
    }

    /// <summary>Makes a new database, and returns how to connect to it.</summary>
    public async Task<string> CreateDatabaseAsync(ShopContents contents, CancellationToken cancellationToken)
    {
        string name = "test_" + Guid.NewGuid().ToString("N");
        string template = await TemplateAsync(contents, cancellationToken);
        await ExecuteAsync($"create database {name} template {template}", cancellationToken);
        return _server.ConnectionTo(name);
    }

    /// <summary>Hangs the server with all its backends (SIGSTOP): connections stay open and get no answer.</summary>
    public void Stop() => ProcessTree.Send(_server.ProcessId, UnixSignal.Stop);

    /// <summary>Lets it go on after <see cref="Stop"/>.</summary>
    public void Continue() => ProcessTree.Send(_server.ProcessId, UnixSignal.Continue);

    /// <summary>Kills the server with all its backends (SIGKILL).</summary>
    public Task KillAsync() => _server.KillAsync();

    /// <summary>Starts it again on the same port and data.</summary>
    public Task RestartAsync(CancellationToken cancellationToken) => _server.RestartAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        DirectoryCopy.Delete(_directory);
        _preparing.Dispose();
    }

    /// <summary>What initdb makes, kept between runs; and what killed runs left is tidied up.</summary>
    private static async Task<PostgresData> EmptyServerAsync(PostgresHome home, string tests, CancellationToken cancellationToken)
    {
        PostgresHome.CreatePassable(tests);
        await using FileStream alone = await FileLock.TakeAsync(Path.Combine(tests, "lock"), TimeSpan.FromMinutes(2), cancellationToken);

        foreach (string directory in Directory.GetDirectories(tests))
        {
            string owner = Path.GetFileName(directory).Split('-')[0];
            if (int.TryParse(owner, CultureInfo.InvariantCulture, out int id) && !IsRunning(id))
                DirectoryCopy.Delete(directory);
        }

        var empty = new PostgresData(home, Path.Combine(tests, "empty-18.4"));
        if (!empty.Exists)
            await empty.InitializeAsync(cancellationToken);
        return empty;
    }

    private static bool IsRunning(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private async Task<string> TemplateAsync(ShopContents contents, CancellationToken cancellationToken)
    {
        string name = "template_" + contents.ToString().ToLowerInvariant();
        await _preparing.WaitAsync(cancellationToken);
        try
        {
            if (!_templates.Contains(contents))
            {
                await ExecuteAsync($"drop database if exists {name}", cancellationToken);
                await ExecuteAsync($"create database {name}", cancellationToken);
                await FillAsync(_server.ConnectionTo(name) + ";Pooling=false", contents, cancellationToken);
                _templates.Add(contents);
            }
            return name;
        }
        finally
        {
            _preparing.Release();
        }
    }

    private static async Task FillAsync(string connection, ShopContents contents, CancellationToken cancellationToken)
    {
        if (contents >= ShopContents.Schema)
            await DatabaseMigrator.MigrateAsync(connection, NullLogger.Instance, cancellationToken);
        if (contents >= ShopContents.SmallShop)
            await new Seeder().SeedAsync(connection, new SeedOptions { Generator = SmallShop }, progress: null, cancellationToken);
    }

    private async Task ExecuteAsync(string statement, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(_server.ConnectionTo("postgres") + ";Pooling=false");
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(statement, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
