using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using TByte.Functions.LocalHost.Servers;
using TByte.Functions.Testing;

namespace TByte.Functions.LocalHost.Tests.Supervision;

/// <summary>Real processes, so Linux only: what is left is read from /proc.</summary>
public sealed class SupervisorTests : IDisposable
{
    private const string Sales = """
        InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country
        536365,85123A,WHITE HANGING HEART T-LIGHT HOLDER,6,2010-12-01 08:26:00,2.55,17850,United Kingdom
        536366,71053,WHITE METAL LANTERN,2,2010-12-01 08:28:00,3.39,17850,United Kingdom

        """;

    private readonly DirectoryInfo _state = Directory.CreateTempSubdirectory("tbyte-run-");
    private readonly string _sales;

    public SupervisorTests()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Processes are looked up in /proc.");
        _sales = Path.Combine(_state.FullName, "sales.csv");
        File.WriteAllText(_sales, Sales);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Runs_the_shop_stops_on_SIGTERM_and_keeps_the_data()
    {
        int port = FreePorts();
        using var http = new HttpClient();
        IReadOnlyList<int> processes;
        await using (RunningSupervisor first = await Start(port).ReadyAsync(Cancellation))
        {
            Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(first.Readiness, Cancellation)).StatusCode);
            Assert.Contains("WHITE HANGING HEART", await http.GetStringAsync(new Uri(first.Readiness, "/api/v1/products/1"), Cancellation), StringComparison.Ordinal);
            Assert.Contains("Seeded", first.Output, StringComparison.Ordinal);

            // The storage for reports answers that there is none yet; without it this would be a 503.
            Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync(new Uri(first.Readiness, "/api/ops/diagnosis"), Cancellation)).StatusCode);
            Assert.Contains("\"diagnosis\":\"/api/ops/diagnosis\"", await http.GetStringAsync(new Uri(first.Readiness, "/api/ops/status"), Cancellation), StringComparison.Ordinal);
            Assert.True(Directory.Exists(Path.Combine(_state.FullName, "azurite")));

            processes = first.Processes();
            first.Signal(UnixSignal.Terminate);
            Assert.Equal(0, await first.ExitAsync(Cancellation));
        }
        await NothingIsLeftOf(processes);

        await using RunningSupervisor second = await Start(port).ReadyAsync(Cancellation);
        Assert.DoesNotContain("Seeded", second.Output, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync(new Uri(second.Readiness, "/api/v1/products/2"), Cancellation)).StatusCode);
        second.Signal(UnixSignal.Interrupt);
        Assert.Equal(130, await second.ExitAsync(Cancellation));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Killed_it_leaves_no_process_and_starts_again(bool withStoppedApi)
    {
        int port = FreePorts();
        await using (RunningSupervisor first = await Start(port).ReadyAsync(Cancellation))
        {
            IReadOnlyList<int> processes = first.Processes();
            Assert.True(processes.Count > 10, $"Only {processes.Count} processes run.");
            if (withStoppedApi)
                Unix.Send(first.ProcessOf("app Api"), UnixSignal.Stop);

            first.Signal(UnixSignal.Kill);

            await first.ExitAsync(Cancellation);
            await NothingIsLeftOf(processes);
        }

        await using RunningSupervisor second = await Start(port).ReadyAsync(Cancellation);
        Assert.DoesNotContain("Seeded", second.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stopped_while_it_starts_it_leaves_no_process()
    {
        await using RunningSupervisor supervisor = Start(FreePorts());
        await Eventually.HoldsAsync(() => supervisor.Processes().Count >= 4, "servers are starting", Cancellation);
        IReadOnlyList<int> processes = supervisor.Processes();

        supervisor.Signal(UnixSignal.Terminate);

        Assert.Equal(0, await supervisor.ExitAsync(Cancellation));
        await NothingIsLeftOf(processes);
    }

    [Fact]
    public async Task A_taken_port_is_named_before_anything_starts()
    {
        int port = FreePorts();
        using var taken = new TcpListener(IPAddress.Loopback, port + 100);
        taken.Start();

        await using RunningSupervisor supervisor = Start(port);

        Assert.Equal(1, await supervisor.ExitAsync(Cancellation));
        await supervisor.SaysAsync($"Port {port + 100} (warmup) on 127.0.0.1 is taken.", Cancellation);
        Assert.Contains("--port", supervisor.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("Starting", supervisor.Output, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_state.FullName, "postgres")));
    }

    [Fact]
    public async Task What_ends_by_itself_is_named_and_started_again()
    {
        await using RunningSupervisor supervisor = await Start(FreePorts()).ReadyAsync(Cancellation);
        int api = supervisor.ProcessOf("app Api");

        Unix.Send(api, UnixSignal.Kill);
        Unix.Send(supervisor.ProcessOf("postgres -D"), UnixSignal.Kill);
        Unix.Send(supervisor.ProcessOf("azurite"), UnixSignal.Kill);

        await supervisor.SaysAsync("api ended by itself with code 137.", Cancellation);
        await supervisor.SaysAsync("postgres ended by itself with code 137.", Cancellation);
        await supervisor.SaysAsync("api runs again.", Cancellation);
        await supervisor.SaysAsync("postgres runs again.", Cancellation);
        await supervisor.SaysAsync("azurite runs again.", Cancellation);
        using var http = new HttpClient();
        await Eventually.HoldsAsync(() => IsReadyAsync(http, supervisor.Readiness), "the new Api is ready", Cancellation, TimeSpan.FromSeconds(60));
        Assert.NotEqual(api, supervisor.ProcessOf("app Api"));
    }

    [Fact]
    public async Task A_storage_of_ones_own_is_used()
    {
        const string Own = "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=YQ==;BlobEndpoint=http://127.0.0.1:9/a;";
        await using RunningSupervisor supervisor = await RunningSupervisor.Start(
            _state.FullName, FreePorts(), ["--data", _sales], new() { ["Reports__Connection"] = Own }).ReadyAsync(Cancellation);

        Assert.False(supervisor.HasProcessOf("azurite"));
        using var http = new HttpClient();
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await http.GetAsync(new Uri(supervisor.Readiness, "/api/ops/diagnosis"), Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Two_runs_do_not_share_a_state_directory()
    {
        await using RunningSupervisor first = Start(FreePorts());
        await first.SaysAsync("Starting", Cancellation);

        await using RunningSupervisor second = Start(FreePorts());

        Assert.Equal(1, await second.ExitAsync(Cancellation));
        await second.SaysAsync("Another run uses", Cancellation);
    }

    public void Dispose() => _state.Delete(recursive: true);

    private RunningSupervisor Start(int port) => RunningSupervisor.Start(_state.FullName, port, ["--data", _sales]);

    /// <summary>A port with those 100 and 200 above it.</summary>
    internal static int FreePorts()
    {
        while (true)
        {
            int port = Random.Shared.Next(20_000, 30_000);
            if (LocalPorts.IsFree(port) && LocalPorts.IsFree(port + 100) && LocalPorts.IsFree(port + 200))
                return port;
        }
    }

    private static async Task<bool> IsReadyAsync(HttpClient http, Uri readiness)
    {
        try
        {
            return (await http.GetAsync(readiness, Cancellation)).IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static Task NothingIsLeftOf(IReadOnlyList<int> processes) =>
        Eventually.HoldsAsync(() => !processes.Any(IsRunning), $"none of the processes {string.Join(", ", processes)} runs", Cancellation);

    private static bool IsRunning(int id)
    {
        try
        {
            using var process = Process.GetProcessById(id);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
