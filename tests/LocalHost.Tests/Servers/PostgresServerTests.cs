using System.Diagnostics;
using Npgsql;
using TByte.Functions.LocalHost.Servers;
using TByte.Functions.Testing;

namespace TByte.Functions.LocalHost.Tests.Servers;

public sealed class PostgresServerTests : IAsyncLifetime
{
    private readonly DirectoryInfo _state = Directory.CreateTempSubdirectory("tbyte-state-");
    private PostgresHome _home = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _home = await PostgresHome.PrepareAsync(Repository.Find(), _state.FullName, Cancellation);

    [Fact]
    public async Task Keeps_its_data_between_runs_and_forgets_a_half_done_start()
    {
        PostgresServerOptions options = Options("postgres");
        Directory.CreateDirectory(Path.Combine(options.DataDirectory + ".half", "base"));

        await using (PostgresServer first = await PostgresServer.StartAsync(options, Cancellation))
            await ExecuteAsync(first, "create table kept as select 7 as id");
        Assert.True(new PostgresData(_home, options.DataDirectory).WasShutDown);

        await using PostgresServer second = await PostgresServer.StartAsync(options, Cancellation);
        Assert.Equal(7, await ScalarAsync(second, "select id from kept"));
    }

    [Fact]
    public async Task Listens_on_the_loopback_address_only_and_asks_for_the_password()
    {
        await using PostgresServer server = await PostgresServer.StartAsync(Options("postgres"), Cancellation);

        Assert.Equal("127.0.0.1", await ScalarAsync(server, "show listen_addresses"));
        Assert.Equal("", await ScalarAsync(server, "show unix_socket_directories"));
        var stranger = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Password = "guess", Pooling = false };
        await using var connection = new NpgsqlConnection(stranger.ConnectionString);
        PostgresException refused = await Assert.ThrowsAsync<PostgresException>(() => connection.OpenAsync(Cancellation));
        Assert.Equal(PostgresErrorCodes.InvalidPassword, refused.SqlState);
    }

    [Fact]
    public async Task A_crashed_server_recovers_even_if_its_lock_names_a_living_process()
    {
        PostgresServerOptions options = Options("postgres");
        await using PostgresServer server = await PostgresServer.StartAsync(options, Cancellation);
        await ExecuteAsync(server, "create table kept as select 7 as id");
        string pidFile = new PostgresData(_home, options.DataDirectory).PidFile;

        await server.KillAsync();
        string[] lines = await File.ReadAllLinesAsync(pidFile, Cancellation);
        lines[0] = Environment.ProcessId.ToString(System.Globalization.CultureInfo.InvariantCulture);
        await File.WriteAllLinesAsync(pidFile, lines, Cancellation);

        await server.RestartAsync(Cancellation);
        Assert.Equal(7, await ScalarAsync(server, "select id from kept"));
    }

    [Fact]
    public async Task A_server_ends_with_its_keeper()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux can bind a process to its parent's life.");
        await using PostgresServer server = await PostgresServer.StartAsync(Options("postgres"), Cancellation);
        int id = server.ProcessId;
        int keeper = Assert.Single(ProcessTree.Of(Environment.ProcessId), candidate => ProcessTree.Of(candidate) is [_, var child, ..] && child == id);

        Unix.Send(keeper, UnixSignal.Kill);

        await Eventually.HoldsAsync(() => !IsRunning(id), "PostgreSQL ended", Cancellation);
    }

    [Fact]
    public async Task A_left_over_server_on_the_same_data_is_ended_first()
    {
        PostgresServerOptions options = Options("postgres");
        await using PostgresServer first = await PostgresServer.StartAsync(options, Cancellation);
        await ExecuteAsync(first, "create table kept as select 7 as id");
        int id = first.ProcessId;

        await using PostgresServer second = await PostgresServer.StartAsync(options, Cancellation);

        Assert.False(IsRunning(id));
        Assert.Equal(7, await ScalarAsync(second, "select id from kept"));
    }

    [Fact]
    public async Task Replicas_stream_start_again_and_are_copied_anew_when_they_cannot_follow()
    {
        PostgresServerOptions primary = Options("postgres"), replica = Options("replica-1");

        await using (PostgresCluster first = await PostgresCluster.StartAsync(primary, [replica], Cancellation))
        {
            await ExecuteAsync(first.Primary, "create table kept as select 1 as id");
            await Eventually.HoldsAsync(() => HasTableAsync(first.Replicas[0]), "the table reached the replica", Cancellation);
            PostgresException refused = await Assert.ThrowsAsync<PostgresException>(() => ExecuteAsync(first.Replicas[0], "delete from kept"));
            Assert.Equal(PostgresErrorCodes.ReadOnlySqlTransaction, refused.SqlState);
        }

        await using (PostgresCluster second = await PostgresCluster.StartAsync(primary, [replica], Cancellation))
            Assert.True(await second.Replicas[0].IsStreamingAsync(Cancellation));

        // Another primary: the replica's history is not its own.
        Directory.Delete(primary.DataDirectory, recursive: true);
        await using PostgresCluster third = await PostgresCluster.StartAsync(primary, [replica], Cancellation);
        Assert.True(await third.Replicas[0].IsStreamingAsync(Cancellation));
        Assert.False(await HasTableAsync(third.Replicas[0]));
    }

    [Fact]
    public async Task Root_can_use_a_checkout_that_others_cannot_read()
    {
        Assert.SkipUnless(_home.User is not null, "Only root runs PostgreSQL as another user.");
        string checkout = Directory.CreateTempSubdirectory("tbyte-private-").FullName;
        Directory.CreateSymbolicLink(Path.Combine(checkout, "node_modules"), Path.Combine(Repository.Find(), "node_modules"));

        PostgresHome home = await PostgresHome.PrepareAsync(checkout, Path.Combine(checkout, ".local"), Cancellation);
        try
        {
            Assert.Equal(home.Directory, new FileInfo(Path.Combine(checkout, ".local", "postgres")).LinkTarget);
            Assert.StartsWith(home.Directory, home.Binaries, StringComparison.Ordinal);
            var options = new PostgresServerOptions(home, Path.Combine(home.Directory, "postgres"));
            await using PostgresServer server = await PostgresServer.StartAsync(options, Cancellation);
            Assert.Equal(1, await ScalarAsync(server, "select 1"));
            Assert.Equal(home, await PostgresHome.PrepareAsync(checkout, Path.Combine(checkout, ".local"), Cancellation));
        }
        finally
        {
            Directory.Delete(home.Directory, recursive: true);
            Directory.Delete(checkout, recursive: true);
        }
    }

    public ValueTask DisposeAsync()
    {
        _state.Delete(recursive: true);
        return ValueTask.CompletedTask;
    }

    private PostgresServerOptions Options(string name) => new(_home, Path.Combine(_home.Directory, name)) { MaxConnections = 20 };

    private static async Task<bool> HasTableAsync(PostgresServer server) => await ScalarAsync(server, "select to_regclass('kept')::text") is "kept";

    private static async Task<object?> ScalarAsync(PostgresServer server, string query)
    {
        await using var connection = new NpgsqlConnection(server.ConnectionString + ";Pooling=false");
        await connection.OpenAsync(Cancellation);
        await using var command = new NpgsqlCommand(query, connection);
        return await command.ExecuteScalarAsync(Cancellation);
    }

    private static async Task ExecuteAsync(PostgresServer server, string statement) => await ScalarAsync(server, statement);

    private static bool IsRunning(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
