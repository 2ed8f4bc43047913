using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Polly;
using TByte.Functions.Postgres;
using TByte.Functions.Testing;
using TByte.Functions.Testing.Network;
using TByte.Functions.Testing.Postgres;

namespace TByte.Functions.Core.Tests.Postgres.Servers;

/// <summary>What a server's pool asks of a server that hangs: nothing is in between, neither a breaker nor a prober.</summary>
public sealed class OpeningLimitTests
{
    private const int MostOpening = 4;
    private const int Readers = 40;

    private static readonly TimeSpan Patient = TimeSpan.FromSeconds(60);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    /// <summary>Each of them would cost the server a process when it goes on.</summary>
    [Fact]
    public async Task Calls_that_a_hung_server_keeps_waiting_begin_few_connections()
    {
        await using TestPostgres postgres = await TestPostgres.StartAsync(Token);
        await using FaultProxy proxy = FaultProxy.Start(postgres.Port);
        await using DatabaseServer server = Pool(postgres, proxy.Port);
        postgres.Stop();

        Task<int>[] reads = [.. Enumerable.Range(0, Readers).Select(_ => ReadAsync(server, TimeSpan.FromSeconds(1)))];
        Assert.All(await FailuresAsync(reads), failure => Assert.IsType<TimeoutException>(failure));
        Assert.Equal(MostOpening, proxy.Connections);

        postgres.Continue();
        Assert.Equal(1, await ReadAsync(server, Patient));
        Assert.True(proxy.Connections <= MostOpening + 1, $"{proxy.Connections} connections were begun");
    }

    [Fact]
    public async Task Whoever_waits_for_a_turn_gets_a_connection_that_is_given_back()
    {
        await using TestPostgres postgres = await TestPostgres.StartAsync(Token);
        await using DatabaseServer server = Pool(postgres, postgres.Port);
        Assert.Equal(1, await ReadAsync(server, Patient));

        postgres.StopAdmitting();
        // One takes the connection that there is, four begin new ones, and the rest get that one after the other.
        TaskCompletionSource allAreHere = new();
        Task<int> first = server.RunAsync(
            PlaceKind.Own,
            Deadline.In(TimeProvider.System, Patient),
            allAreHere.Task,
            static async (_, here) =>
            {
                await here;
                return 1;
            },
            Token);
        Task<int>[] others = [.. Enumerable.Range(1, Readers - 1).Select(_ => ReadAsync(server, TimeSpan.FromSeconds(10)))];
        allAreHere.SetResult();
        Exception[] failures = await FailuresAsync([first, .. others]);

        Assert.Equal(MostOpening, failures.Length);
        Assert.All(failures, failure => Assert.IsType<TimeoutException>(failure));
        postgres.Continue();
    }

    [Fact]
    public async Task Turns_of_callers_that_leave_are_not_lost()
    {
        await using TestPostgres postgres = await TestPostgres.StartAsync(Token);
        await using DatabaseServer server = Pool(postgres, postgres.Port);
        for (int round = 0; round < 20; round++)
        {
            await FailuresAsync([.. Enumerable.Range(0, Readers).Select(i => ReadAsync(server, TimeSpan.FromMilliseconds(i)))]);
            // What the pool closes is not there for whoever expects it.
            server.IsAt(new ServerObservation(IsInRecovery: false, default, null));
            server.IsAway();
        }

        await Eventually.HoldsAsync(() => server.Busy == 0, "every query has ended", Token);
        int[] answers = await Task.WhenAll(Enumerable.Range(0, Readers).Select(_ => ReadAsync(server, Patient)));
        Assert.All(answers, answer => Assert.Equal(1, answer));
    }

    private static DatabaseServer Pool(TestPostgres postgres, int port)
    {
        PostgresOptions options = new() { Primary = postgres.ConnectionString, MinPoolSize = 0, ConnectTimeout = Patient };
        return new DatabaseServer(
            "server",
            ServerRole.Primary,
            new ServerLogin(new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Port = port }.ConnectionString),
            options,
            new ServerGuard(ResiliencePipeline.Empty, ResiliencePipeline.Empty, static () => false),
            TimeProvider.System,
            NullLoggerFactory.Instance);
    }

    private static Task<int> ReadAsync(DatabaseServer server, TimeSpan budget) =>
        server.RunAsync(PlaceKind.Own, Deadline.In(TimeProvider.System, budget), 0, OneAsync, Token);

    private static async Task<int> OneAsync(NpgsqlConnection connection, int unused)
    {
        await using NpgsqlCommand command = new("select 1", connection);
        return (int)(await command.ExecuteScalarAsync(CancellationToken.None))!;
    }

    private static async Task<Exception[]> FailuresAsync(Task<int>[] reads)
    {
        await Task.WhenAll(reads).ContinueWith(static _ => { }, Token, TaskContinuationOptions.None, TaskScheduler.Default);
        return [.. reads.Where(static read => !read.IsCompletedSuccessfully).Select(static read => read.Exception!.InnerException!)];
    }
}
