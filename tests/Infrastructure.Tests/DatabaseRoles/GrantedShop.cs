using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Npgsql;
using TByte.Functions.LocalHost.Deploying;
using TByte.Functions.LocalHost.Hosting;
using TByte.Functions.Testing;
using TByte.Functions.Testing.Postgres;
using TByte.Functions.Testing.Redis;

namespace TByte.Functions.Infrastructure.Tests.DatabaseRoles;

/// <summary>A shop on a server that has what Azure adds: a function that makes a role for an identity.</summary>
public sealed class GrantedShop : IAsyncLifetime
{
    private const string AzureFunction = """
        create function pgaadauth_create_principal_with_oid(role text, object_id text, object_type text, is_admin boolean, is_mfa boolean)
        returns text language plpgsql as $$
        begin
          if object_type <> 'service' or is_admin or is_mfa or object_id::uuid is null then
            raise 'an app is asked for as something else';
          end if;
          execute format('create role %I login password ''token''', role);
          return role;
        end
        $$
        """;

    private static readonly Dictionary<string, AppRole> Roles = new()
    {
        ["api"] = new("shop-api", Guid.NewGuid()),
        ["warmup"] = new("shop-warmup", Guid.NewGuid()),
        ["maintenance"] = new("shop-maintenance", Guid.NewGuid()),
    };

    private TestPostgres _postgres = null!;
    private TestRedis _redis = null!;
    private string _database = "";

    /// <summary>What the apps have logged.</summary>
    internal FakeLogCollector Logs { get; } = new();

    public async ValueTask InitializeAsync()
    {
        _redis = await TestRedis.StartAsync(TestContext.Current.CancellationToken);
        _postgres = await TestPostgres.StartAsync(TestContext.Current.CancellationToken);
        _database = await _postgres.CreateDatabaseAsync(ShopContents.SmallShop, TestContext.Current.CancellationToken);
        await ExecuteAsync(_postgres.ConnectionTo("postgres"), AzureFunction);
        await GrantAsync();
    }

    public Task GrantAsync() => LocalHost.Deploying.DatabaseRoles.GrantAsync(_database, Roles, TestContext.Current.CancellationToken);

    /// <summary>The shop's database, as one of the roles.</summary>
    public string As(string role) => new NpgsqlConnectionStringBuilder(_database) { Username = role, Password = "token" }.ConnectionString;

    /// <summary>Runs a statement as whoever administers the server.</summary>
    public Task ExecuteAsync(string statement) => ExecuteAsync(_database, statement);

    public static async Task ExecuteAsync(string database, string statement)
    {
        await using NpgsqlConnection connection = new(database);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using NpgsqlCommand command = new(statement, connection);
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }

    internal Task<LocalFunctionApp> StartAsync(FunctionAppDefinition app, string role)
    {
        LocalFunctionAppOptions options = new()
        {
            Settings = new Dictionary<string, string?>(TestToken.Settings)
            {
                ["Postgres:Primary"] = As(role),
                ["Postgres:MinPoolSize"] = "0",
                ["Postgres:ReadBudget"] = "00:00:20",
                ["Postgres:WriteBudget"] = "00:00:20",
                ["Postgres:StatementTimeout"] = "00:00:20",
                ["Redis:Connection"] = _redis.Connection,
            },
            ReadEnvironment = false,
            RunTimers = false,
        };
        FunctionAppDefinition listened = app with
        {
            Compose = builder =>
            {
                app.Compose(builder);
                builder.Services.AddLogging(logging => logging.ClearProviders().AddProvider(new FakeLoggerProvider(Logs)));
            },
        };
        return LocalFunctionApp.StartAsync(listened, options, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _postgres.DisposeAsync();
        await _redis.DisposeAsync();
    }
}
