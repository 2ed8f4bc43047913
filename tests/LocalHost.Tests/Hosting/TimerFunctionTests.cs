using System.Net;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using Microsoft.Extensions.Time.Testing;
using TByte.Functions.LocalHost.Hosting;
using TByte.Functions.LocalHost.Tests.Hosting.Apps.Timers;

namespace TByte.Functions.LocalHost.Tests.Hosting;

public class TimerFunctionTests
{
    private static readonly DateTime Start = new(2026, 3, 1, 10, 0, 3, DateTimeKind.Utc);

    private readonly FakeTimeProvider _clock = new(Start);
    private readonly TimerScript _script = new();

    [Fact]
    public async Task Runs_when_its_schedule_says_so()
    {
        await using LocalFunctionApp app = await StartAsync("0 * * * * *");

        _clock.Advance(TimeSpan.FromSeconds(56));
        await Task.Delay(100, Cancellation);
        Assert.Empty(_script.Runs);

        await AdvanceUntilAsync(TimeSpan.FromSeconds(1), runs: 1);
        await AdvanceUntilAsync(TimeSpan.FromSeconds(1), runs: 2);

        TimerInfo second = _script.Runs.Last();
        Assert.False(second.IsPastDue);
        Assert.Equal(new DateTime(2026, 3, 1, 10, 2, 0, DateTimeKind.Utc), second.ScheduleStatus!.Last);
        Assert.Equal(new DateTime(2026, 3, 1, 10, 3, 0, DateTimeKind.Utc), second.ScheduleStatus.Next);
    }

    [Fact]
    public async Task Waits_for_schedules_that_are_months_away()
    {
        await using LocalFunctionApp app = await StartAsync("0 0 0 1 12 *");

        await AdvanceUntilAsync(TimeSpan.FromDays(1), runs: 1);

        Assert.Equal(new DateTime(2026, 12, 1, 0, 0, 0, DateTimeKind.Utc), _script.Runs.Single().ScheduleStatus!.Last);
    }

    [Fact]
    public async Task Does_not_run_beside_itself_and_makes_up_for_missed_runs_once()
    {
        TaskCompletionSource end = new();
        _script.OnRun = (_, _) => end.Task;
        await using LocalFunctionApp app = await StartAsync("0 * * * * *");
        await AdvanceUntilAsync(TimeSpan.FromSeconds(57), runs: 1);

        for (int minute = 0; minute < 3; minute++)
            _clock.Advance(TimeSpan.FromMinutes(1));
        await Task.Delay(100, Cancellation);
        Assert.Single(_script.Runs);

        end.SetResult();
        await _script.WaitForRunsAsync(2);
        await Task.Delay(100, Cancellation);
        Assert.Equal([false, true], _script.Runs.Select(run => run.IsPastDue));
    }

    [Fact]
    public async Task A_failing_run_is_logged_and_the_schedule_goes_on()
    {
        FakeLogCollector logs = new();
        _script.OnRun = (_, _) => throw new InvalidOperationException("a bad day");
        await using LocalFunctionApp app = await StartAsync("0 * * * * *", builder => builder.Logging.AddProvider(new FakeLoggerProvider(logs)));

        await AdvanceUntilAsync(TimeSpan.FromSeconds(30), runs: 3);

        IReadOnlyList<FakeLogRecord> records = logs.GetSnapshot();
        Assert.Contains(records, record => record is { Level: LogLevel.Error, Category: "Function.Tick", Exception.Message: "a bad day" });
    }

    [Fact]
    public async Task Stopping_cancels_a_run_and_waits_for_it()
    {
        bool ended = false;
        _script.OnRun = async (_, cancellationToken) =>
        {
            await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await Task.Delay(200, CancellationToken.None);
            ended = true;
        };
        LocalFunctionApp app = await StartAsync("0 * * * * *");
        await AdvanceUntilAsync(TimeSpan.FromSeconds(57), runs: 1);

        await app.DisposeAsync();

        Assert.True(ended);
    }

    [Fact]
    public async Task Stopping_does_not_wait_for_ever()
    {
        TaskCompletionSource end = new();
        _script.OnRun = (_, _) => end.Task;
        LocalFunctionApp app = await StartAsync("0 * * * * *", options: new LocalFunctionAppOptions { StopTimeout = TimeSpan.FromMilliseconds(200) });
        await AdvanceUntilAsync(TimeSpan.FromSeconds(57), runs: 1);

        await app.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(20), Cancellation);
        end.SetResult();
    }

    [Fact]
    public async Task A_missing_setting_of_the_schedule_fails_the_start()
    {
        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync(null));

        Assert.Equal("TestTimers, function Tick: the setting Tick:Schedule of its schedule '%Tick:Schedule%' is missing.", error.Message);
    }

    [Fact]
    public async Task A_wrong_schedule_fails_the_start()
    {
        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(() => StartAsync("now and then"));

        Assert.Contains("function Tick: 'now and then' (from '%Tick:Schedule%')", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Schedules_can_be_left_alone()
    {
        await using LocalFunctionApp app = await StartAsync(null, options: new LocalFunctionAppOptions { RunTimers = false });

        _clock.Advance(TimeSpan.FromDays(1));
        await Task.Delay(100, Cancellation);

        Assert.Empty(_script.Runs);
    }

    [Fact]
    public async Task Runs_by_hand_one_after_the_other()
    {
        TaskCompletionSource end = new();
        _script.OnRun = (_, _) => end.Task;
        await using LocalFunctionApp app = await StartAsync("0 0 0 1 1 *");

        Assert.Equal(HttpStatusCode.Accepted, await PostAsync(app, "admin/functions/tick"));
        Assert.Equal(HttpStatusCode.Accepted, await PostAsync(app, "admin/functions/TICK"));
        await _script.WaitForRunsAsync(1);
        await Task.Delay(100, Cancellation);
        Assert.Single(_script.Runs);

        end.SetResult();
        await _script.WaitForRunsAsync(2);
    }

    [Fact]
    public async Task Only_known_functions_run_by_hand_and_only_by_post()
    {
        await using LocalFunctionApp app = await StartAsync("0 0 0 1 1 *");
        using HttpClient client = TestApps.Client(app);

        Assert.Equal(HttpStatusCode.NotFound, await PostAsync(app, "admin/functions/Tock"));
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync(new Uri("admin/functions/Tick", UriKind.Relative), Cancellation)).StatusCode);
    }

    [Fact]
    public async Task Running_by_hand_asks_for_the_key_when_required()
    {
        await using LocalFunctionApp app = await StartAsync(
            "0 0 0 1 1 *", options: new LocalFunctionAppOptions { RequireKeys = true, FunctionKey = "secret" });

        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync(app, "admin/functions/Tick"));
        Assert.Equal(HttpStatusCode.Accepted, await PostAsync(app, "admin/functions/Tick?code=secret"));
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Task<LocalFunctionApp> StartAsync(
        string? schedule, Action<FunctionsApplicationBuilder>? compose = null, LocalFunctionAppOptions? options = null)
    {
        options ??= new LocalFunctionAppOptions();
        Dictionary<string, string?> settings = new() { ["Logging:LogLevel:Default"] = "Error" };
        if (schedule is not null)
            settings["Tick__Schedule"] = schedule;
        return TestApps.StartAsync(
            TestApps.Define("Timers", builder =>
            {
                builder.Services.AddSingleton(_script).AddSingleton<TimeProvider>(_clock);
                builder.Logging.ClearProviders();
                compose?.Invoke(builder);
            }),
            options with { Settings = settings });
    }

    /// <summary>The loop sets its next timer only after a run, so one step may find none; the clock is moved until the runs are there.</summary>
    private async Task AdvanceUntilAsync(TimeSpan step, int runs)
    {
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        while (_script.Runs.Count < runs)
        {
            _clock.Advance(step);
            await Task.Delay(10, deadline.Token);
        }
    }

    private static async Task<HttpStatusCode> PostAsync(LocalFunctionApp app, string path)
    {
        using HttpClient client = TestApps.Client(app);
        using StringContent body = new("""{"input":""}""", mediaType: new("application/json"));
        using HttpResponseMessage response = await client.PostAsync(new Uri(path, UriKind.Relative), body, Cancellation);
        return response.StatusCode;
    }
}
