using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Npgsql;

namespace TByte.Functions.LocalHost.Servers;

/// <summary>PostgreSQL on 127.0.0.1, as a primary or as a streaming replica of another.</summary>
internal sealed class PostgresServer : ISupervised
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly PostgresServerOptions _options;
    private readonly PostgresServer? _primary;
    private readonly PostgresData _data;
    private KeptProcess? _process;

    private PostgresServer(PostgresServerOptions options, PostgresServer? primary)
    {
        _options = options;
        _primary = primary;
        _data = new PostgresData(options.Home, options.DataDirectory);
        Port = options.Port == 0 ? LocalPorts.FindFree() : options.Port;
        ConnectionString = ConnectionTo(options.Database);
    }

    public int Port { get; }

    public string ConnectionString { get; }

    /// <summary>The postmaster's, whose children the backends are.</summary>
    public int ProcessId => Running.ProcessId;

    public Task<int> Exited => Running.Exited;

    public IReadOnlyList<string> Tail => Running.Tail;

    private string Name => Path.GetFileName(_options.DataDirectory);

    private KeptProcess Running => _process ?? throw new InvalidOperationException("The server is not running.");

    /// <summary>Starts a primary, on the data it has or on a new, empty database.</summary>
    public static async Task<PostgresServer> StartAsync(PostgresServerOptions options, CancellationToken cancellationToken)
    {
        var server = new PostgresServer(options, primary: null);
        if (!server._data.Exists)
            await server._data.InitializeAsync(cancellationToken);
        return await server.StartedAsync(cancellationToken);
    }

    /// <summary>Starts a replica on data that was copied from the primary before.</summary>
    public static Task<PostgresServer> StartReplicaAsync(PostgresServer primary, PostgresServerOptions options, CancellationToken cancellationToken) =>
        new PostgresServer(options, primary).StartedAsync(cancellationToken);

    /// <summary>Whether a replica has caught up and receives what its primary writes.</summary>
    public async Task<bool> IsStreamingAsync(CancellationToken cancellationToken)
    {
        // The primary is asked: a receiver calls itself streaming before it knows that the primary will have it.
        await using var connection = new NpgsqlConnection(_primary!.ConnectionTo("postgres") + ";Pooling=false");
        await connection.OpenAsync(cancellationToken);
        await using var state = new NpgsqlCommand("select state from pg_stat_replication where application_name = $1", connection)
        {
            Parameters = { new() { Value = Name } },
        };
        return await state.ExecuteScalarAsync(cancellationToken) is "streaming";
    }

    public string ConnectionTo(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = Port,
        Database = database,
        Username = "postgres",
        Password = _options.Home.ReadPassword(),
    }.ConnectionString;

    /// <summary>Starts it again on the same port and data, after a stop or a crash.</summary>
    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        await StopAsync();
        await LaunchAsync(cancellationToken);
    }

    /// <summary>Shuts it down, so that its data is complete.</summary>
    public async Task StopAsync()
    {
        if (_process is null)
            return;
        await _process.DisposeAsync();
        _process = null;
    }

    /// <summary>Kills it with its backends (SIGKILL); <see cref="RestartAsync"/> then has a crash to recover from.</summary>
    public Task KillAsync() => Running.KillAsync();

    public async ValueTask DisposeAsync() => await StopAsync();

    private async Task<PostgresServer> StartedAsync(CancellationToken cancellationToken)
    {
        try
        {
            await LaunchAsync(cancellationToken);
            if (_primary is null)
                await CreateDatabaseAsync(cancellationToken);
            return this;
        }
        catch
        {
            await StopAsync();
            throw;
        }
    }

    private async Task LaunchAsync(CancellationToken cancellationToken)
    {
        await _data.EndLeftoverAsync(cancellationToken);
        _data.Configure(Settings());
        // INT is PostgreSQL's fast shutdown. After QUIT it kills, itself, what has not ended within 5 s.
        var orders = new KeeperOrders(PostgresBinaries.Program(_options.Home.Binaries, "postgres"), ["-D", _options.DataDirectory])
        {
            StopWith = [UnixSignal.Interrupt, UnixSignal.Quit, UnixSignal.Kill],
            User = _options.Home.User?.Name,
        };
        _process = await KeptProcess.StartAsync(orders, environment: null, _options.Log, cancellationToken);
        await UntilReadyAsync(_process, cancellationToken);
    }

    private async Task UntilReadyAsync(KeptProcess process, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StartLimit);
        while (!_data.IsReady(process.ProcessId))
        {
            if (process.Exited.IsCompleted)
                throw new InvalidOperationException($"PostgreSQL did not start:{Environment.NewLine}{string.Join(Environment.NewLine, process.Tail)}");
            try
            {
                await Task.Delay(20, limit.Token);
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw new TimeoutException(
                    $"PostgreSQL was not ready after {StartLimit.TotalSeconds:0} s:{Environment.NewLine}{string.Join(Environment.NewLine, process.Tail)}");
            }
        }
    }

    private async Task CreateDatabaseAsync(CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(ConnectionTo("postgres") + ";Pooling=false");
        await connection.OpenAsync(cancellationToken);
        await using var exists = new NpgsqlCommand("select 1 from pg_database where datname = $1", connection)
        {
            Parameters = { new() { Value = _options.Database } },
        };
        if (await exists.ExecuteScalarAsync(cancellationToken) is null)
        {
            await using var create = new NpgsqlCommand($"create database \"{_options.Database}\"", connection);
            await create.ExecuteNonQueryAsync(cancellationToken);
        }
    }

    private Dictionary<string, string> Settings()
    {
        var settings = new Dictionary<string, string>
        {
            ["listen_addresses"] = "127.0.0.1",
            ["port"] = Port.ToString(CultureInfo.InvariantCulture),
            ["unix_socket_directories"] = "",
            ["max_connections"] = _options.MaxConnections.ToString(CultureInfo.InvariantCulture),
            ["shared_preload_libraries"] = "pg_stat_statements",
            ["pg_stat_statements.track"] = "top",
            ["shared_buffers"] = "128MB",
            ["max_wal_size"] = "2GB",
            ["wal_keep_size"] = $"{_options.KeepWalMegabytes}MB",
            ["wal_retrieve_retry_interval"] = "500ms",
            ["timezone"] = "UTC",
            ["log_line_prefix"] = "",
        };
        if (!_options.Durable)
        {
            settings["fsync"] = "off";
            settings["synchronous_commit"] = "off";
            settings["full_page_writes"] = "off";
        }
        if (_primary is not null)
        {
            settings["primary_conninfo"] =
                $"host=127.0.0.1 port={_primary.Port} user=postgres password={_options.Home.ReadPassword()} application_name={Name}";
        }
        foreach ((string name, string value) in _options.Settings)
            settings[name] = value;
        return settings;
    }
}
