using System.Diagnostics;
using Npgsql;
using TByte.Functions.Postgres;
using TByte.Functions.Testing;
using TByte.Functions.Testing.Network;
using TByte.Functions.Testing.Postgres;

namespace TByte.Functions.Core.Tests.Postgres.Probing;

/// <summary>What probes leave behind before a server that hangs, and that they see it go on.</summary>
public sealed class HungServerTests
{
    private const int Probes = 20;

    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestOpening = TimeSpan.FromSeconds(5);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_prober_s_probes_wait_for_one_connection()
    {
        await using TestPostgres postgres = await TestPostgres.StartAsync(Token);
        await using FaultProxy proxy = FaultProxy.Start(postgres.Port);
        await using ProbeConnection connection = new(ProbeThrough(proxy, postgres), Patience, TimeProvider.System);

        await WaitForOneConnectionAsync(postgres, proxy, () => connection.AskAsync(Token));
    }

    [Fact]
    public async Task The_breaker_s_probes_wait_for_one_connection()
    {
        await using TestPostgres postgres = await TestPostgres.StartAsync(Token);
        await using FaultProxy proxy = FaultProxy.Start(postgres.Port);
        SignOfLife sign = new(ProbeThrough(proxy, postgres), TimeProvider.System);

        await WaitForOneConnectionAsync(postgres, proxy, async () =>
        {
            using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(Token);
            patience.CancelAfter(Patience);
            await sign.AskAsync(patience.Token);
        });
    }

    private static async Task WaitForOneConnectionAsync(TestPostgres postgres, FaultProxy proxy, Func<Task> probe)
    {
        postgres.Stop();
        long started = Stopwatch.GetTimestamp();
        for (int i = 0; i < Probes; i++)
            Assert.False(await AnswersAsync(probe));
        Assert.InRange(proxy.Connections, 1, 1 + (int)(Stopwatch.GetElapsedTime(started) / LongestOpening));

        postgres.Continue();
        await Eventually.HoldsAsync(() => AnswersAsync(probe), "the server goes on", Token);
    }

    private static async Task<bool> AnswersAsync(Func<Task> probe)
    {
        try
        {
            await probe();
            return true;
        }
        catch (Exception late) when (late is TimeoutException or OperationCanceledException)
        {
            return false;
        }
    }

    private static ServerLogin ProbeThrough(FaultProxy proxy, TestPostgres postgres) =>
        new(new NpgsqlConnectionStringBuilder(postgres.ConnectionString) { Port = proxy.Port }.ConnectionString);
}
