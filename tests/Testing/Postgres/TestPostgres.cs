using TByte.Functions.LocalHost.Servers;
using TByte.Functions.Testing.Postgres.Statements;

namespace TByte.Functions.Testing.Postgres;

/// <summary>A real PostgreSQL on a free port, with a database of its own for every test that asks for one.</summary>
public sealed class TestPostgres : TestPostgresServer, IAsyncDisposable
{
    private readonly SemaphoreSlim _preparing = new(1);
    private readonly HashSet<ShopContents> _templates = [];
    private readonly TestDataDirectory _directory;

    private TestPostgres(PostgresServer server, StatementLog? statements, TestDataDirectory directory)
        : base(server, statements) => _directory = directory;

    public static async Task<TestPostgres> StartAsync(
        CancellationToken cancellationToken, bool logStatements = false, OlderPostgres? older = null)
    {
        TestDataDirectory directory = await TestDataDirectory.CreateAsync(cancellationToken, older);
        StatementLog? statements = logStatements ? new StatementLog() : null;
        PostgresServerOptions options = directory.Options("postgres", statements);
        new PostgresData(directory.Home, options.DataDirectory).CopyFrom(directory.EmptyServer, asStandby: false);
        return new TestPostgres(await PostgresServer.StartAsync(options, cancellationToken), statements, directory);
    }

    /// <summary>Makes a new database, and returns how to connect to it.</summary>
    public async Task<string> CreateDatabaseAsync(ShopContents contents, CancellationToken cancellationToken)
    {
        string name = "test_" + Guid.NewGuid().ToString("N");
        string template = await TemplateAsync(contents, cancellationToken);
        await ExecuteAsync($"create database {name} template {template}", cancellationToken);
        return ConnectionTo(name);
    }

    public async ValueTask DisposeAsync()
    {
        await StopServerAsync();
        _directory.Dispose();
        _preparing.Dispose();
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
                await TestShop.FillAsync(ConnectionTo(name), contents, cancellationToken);
                _templates.Add(contents);
            }
            return name;
        }
        finally
        {
            _preparing.Release();
        }
    }
}
