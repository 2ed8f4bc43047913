using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using TByte.Functions.LocalHost.Hosting;
using TByte.Functions.LocalHost.Tests.Hosting.Apps.Start;

namespace TByte.Functions.LocalHost.Tests.Hosting;

public class StartTests
{
    private readonly StartScript _script = new();

    [Fact]
    public async Task The_warm_up_ends_before_the_app_listens()
    {
        int port = FreePort();
        bool? couldConnect = null;
        _script.OnWarmup = async _ =>
        {
            await Task.Delay(200, CancellationToken.None);
            couldConnect = await CanConnectAsync(port);
        };

        await using LocalFunctionApp app = await StartAsync(new LocalFunctionAppOptions { Port = port });

        Assert.False(couldConnect);
        Assert.True(await CanConnectAsync(port));
        Assert.Equal(port, app.Address.Port);
    }

    [Fact]
    public async Task A_failing_warm_up_does_not_fail_the_start()
    {
        _script.OnWarmup = _ => throw new InvalidOperationException("cold");
        await using LocalFunctionApp app = await StartAsync();

        Assert.Equal("GET", await PingAsync(app));
    }

    [Fact]
    public async Task A_hanging_warm_up_is_cancelled_and_left_behind()
    {
        TaskCompletionSource cancelled = new();
        _script.OnWarmup = async cancellationToken =>
        {
            await using CancellationTokenRegistration registration = cancellationToken.Register(cancelled.SetResult);
            await Task.Delay(TimeSpan.FromSeconds(20), CancellationToken.None);
        };
        long start = Stopwatch.GetTimestamp();
        LocalFunctionApp app = await StartAsync(
            new LocalFunctionAppOptions { WarmupTimeout = TimeSpan.FromMilliseconds(100), StopTimeout = TimeSpan.FromMilliseconds(100) });

        Assert.Equal("GET", await PingAsync(app));
        await cancelled.Task.WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        await app.DisposeAsync();
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task A_timer_that_asks_for_it_runs_at_the_start()
    {
        await using LocalFunctionApp app = await StartAsync();

        using CancellationTokenSource deadline = new(TimeSpan.FromSeconds(30));
        while (Volatile.Read(ref _script.Started) == 0)
            await Task.Delay(5, deadline.Token);
        Assert.Equal(1, _script.Started);
    }

    [Fact]
    public async Task A_taken_port_is_named()
    {
        using TcpListener taken = new(IPAddress.Loopback, 0);
        taken.Start();
        int port = ((IPEndPoint)taken.LocalEndpoint).Port;

        IOException error = await Assert.ThrowsAsync<IOException>(() => StartAsync(new LocalFunctionAppOptions { Port = port }));

        Assert.StartsWith($"TestStart cannot listen on 127.0.0.1:{port}: ", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Options_that_do_not_validate_fail_the_start_with_their_message()
    {
        OptionsValidationException error = await Assert.ThrowsAsync<OptionsValidationException>(() => StartAsync(compose: builder =>
            builder.Services.AddOptions<Limits>().Validate(limits => limits.Count > 0, "Limits:Count must be positive.").ValidateOnStart()));

        Assert.Equal("Limits:Count must be positive.", error.Message);
    }

    [Fact]
    public async Task Required_keys_without_a_key_fail_the_start() =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(new LocalFunctionAppOptions { RequireKeys = true }));

    [Fact]
    public async Task The_app_stops_by_itself_when_told_to()
    {
        await using LocalFunctionApp app = await StartAsync();
        Task shutdown = app.WaitForShutdownAsync(TestContext.Current.CancellationToken);
        Assert.False(shutdown.IsCompleted);

        app.Services.GetRequiredService<Microsoft.Extensions.Hosting.IHostApplicationLifetime>().StopApplication();

        await shutdown.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<HttpRequestException>(() => PingAsync(app));
    }

    private Task<LocalFunctionApp> StartAsync(LocalFunctionAppOptions? options = null, Action<FunctionsApplicationBuilder>? compose = null) =>
        TestApps.StartAsync(
            TestApps.Define("Start", builder =>
            {
                builder.Services.AddSingleton(_script);
                compose?.Invoke(builder);
            }),
            options);

    private static async Task<string> PingAsync(LocalFunctionApp app)
    {
        using HttpClient client = TestApps.Client(app);
        return await client.GetStringAsync(new Uri("api/Ping", UriKind.Relative), TestContext.Current.CancellationToken);
    }

    private static async Task<bool> CanConnectAsync(int port)
    {
        using TcpClient client = new();
        try
        {
            await client.ConnectAsync(IPAddress.Loopback, port, TestContext.Current.CancellationToken);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private sealed record Limits
    {
        public int Count { get; init; }
    }
}
