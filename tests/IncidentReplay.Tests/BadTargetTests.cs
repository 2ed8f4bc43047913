using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using TByte.Functions.IncidentReplay.Reports;
using TByte.Functions.IncidentReplay.Target;
using TByte.Functions.IncidentReplay.Traffic;
using TByte.Functions.Testing;

namespace TByte.Functions.IncidentReplay.Tests;

/// <summary>Against servers that do badly.</summary>
public sealed class BadTargetTests : IDisposable
{
    private readonly Measurement _measurement = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_stall_is_felt_by_everything_that_was_due_meanwhile()
    {
        TaskCompletionSource over = new();
        await using FakeShop shop = await FakeShop.StartAsync(async (_, number) =>
        {
            // One request sees the stall begin; the others come because they are due.
            if (number == 20)
            {
                await Task.Delay(TimeSpan.FromSeconds(2), Cancellation);
                over.SetResult();
            }
            else if (number > 20)
            {
                await over.Task;
            }
        });

        (_, LoadReport report, _) = await _measurement.RunAsync(Measurement.Options(shop.Address) with { Seconds = 4 });

        Assert.Equal((160, 0), (report.All.Requests, report.All.Errors));
        Assert.True(report.All.Latency.Max >= 1_990, $"{report.All.Latency}");
        // 80 were due in these 2 s, a tenth of them pages, which are not held up: 36 had more than a second to wait.
        long slow = report.All.Requests - report.Percentiles.Where(static point => point.Milliseconds <= 1_000).Max(static point => point.Requests);
        Assert.True(slow >= 28, $"{slow} took more than a second");
        Assert.Contains(report.Timeline, static step => step.Latency.P50 > 600);
        Assert.Contains(report.Timeline, static step => step.Latency.P50 < 600);
    }

    [Fact]
    public async Task What_fails_counts_by_its_status()
    {
        int unavailable = 0;
        int missing = 0;
        await using FakeShop shop = await FakeShop.StartAsync((context, number) =>
        {
            context.Response.StatusCode = (number % 4) switch { 0 => Count(ref unavailable, 503), 1 => Count(ref missing, 404), _ => 200 };
            return Task.CompletedTask;
        });

        (bool isHeld, LoadReport report, string text) = await _measurement.RunAsync(Measurement.Options(shop.Address));

        Assert.False(isHeld);
        Assert.Equal(80, report.All.Requests);
        Assert.Equal([("status 404", missing), ("status 503", unavailable)], report.Errors.OrderBy(static error => error.Reason).Select(static error => (error.Reason, (int)error.Requests)));
        Assert.Equal(missing + unavailable, report.All.Errors);
        Assert.Equal(report.All.Errors, report.Timeline.Sum(static step => step.Errors));
        Assert.Equal(80 - report.All.Errors, Math.Round(report.Rate.Achieved * report.Seconds));
        Assert.Contains("The objectives do not hold.", text, StringComparison.Ordinal);
        Assert.True(missing > 0 && unavailable > 0);

        static int Count(ref int counter, int status)
        {
            Interlocked.Increment(ref counter);
            return status;
        }
    }

    [Theory]
    [InlineData(51, true)]
    [InlineData(39, false)]
    public async Task Errors_decide_as_they_are_bounded(double mostPercent, bool expected)
    {
        await using FakeShop shop = await FakeShop.StartAsync((context, number) =>
        {
            context.Response.StatusCode = number % 2 == 0 ? 500 : 200;
            return Task.CompletedTask;
        });

        // About a tenth are pages, which do not fail: about 45 %.
        (bool isHeld, LoadReport report, _) = await _measurement.RunAsync(Measurement.Options(shop.Address) with { MaxErrors = mostPercent });

        Assert.Equal(expected, isHeld);
        Assert.InRange(report.All.Errors, 32, 40);
    }

    [Fact]
    public async Task Answers_that_are_too_slow_decide()
    {
        await using FakeShop shop = await FakeShop.StartAsync((_, _) => Task.Delay(300, Cancellation));

        (bool isHeld, LoadReport report, _) = await _measurement.RunAsync(Measurement.Options(shop.Address) with { MaxP95 = 250 });

        Assert.False(isHeld);
        Assert.Equal(0, report.All.Errors);
        Assert.Equal("p95", Assert.Single(report.Objectives, static objective => !objective.IsHeld).Name);
    }

    [Fact]
    public async Task Refusals_count_apart()
    {
        await using FakeShop shop = await FakeShop.StartAsync(static (context, _) =>
        {
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            return Task.CompletedTask;
        });

        (bool isHeld, LoadReport report, _) = await _measurement.RunAsync(Measurement.Options(shop.Address));

        Assert.False(isHeld);
        Assert.Equal((0, shop.Products), (report.All.Errors, report.All.Limited));
        Assert.Null(report.Kinds[0].Latency.P50);
        Assert.Contains(report.Findings, static finding => finding.Contains("RateLimits__Api__Permits", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Connections_that_are_closed_are_errors()
    {
        await using FakeShop shop = await FakeShop.StartAsync(static (context, _) =>
        {
            context.Abort();
            return Task.CompletedTask;
        });

        (bool isHeld, LoadReport report, _) = await _measurement.RunAsync(Measurement.Options(shop.Address));

        Assert.False(isHeld);
        Assert.Equal(report.Kinds[0].Requests, report.Kinds[0].Errors);
        Assert.Equal("connection lost", Assert.Single(report.Errors).Reason);
        // Failing is not being fast.
        Assert.Null(report.Kinds[0].Latency.P50);
    }

    [Fact]
    public async Task What_fails_only_after_a_wait_has_been_waited_for()
    {
        await using FakeShop shop = await FakeShop.StartAsync(static async (context, _) =>
        {
            await Task.Delay(700, context.RequestAborted);
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
        });

        (_, LoadReport report, _) = await _measurement.RunAsync(Measurement.Options(shop.Address));

        Assert.Equal(report.Kinds[0].Requests, report.Kinds[0].Errors);
        Assert.True(report.Kinds[0].Latency.P50 >= 690, $"{report.Kinds[0].Latency}");
    }

    [Fact]
    public async Task Connections_are_bounded_and_requests_beyond_wait_for_one()
    {
        const int Bound = 40;
        const int Requests = Bound + 20;
        int underWay = 0;
        ConcurrentBag<int> seen = [];
        TaskCompletionSource allowed = new();
        await using FakeShop shop = await FakeShop.StartAsync(async (context, _) =>
        {
            seen.Add(Interlocked.Increment(ref underWay));
            await allowed.Task;
            Interlocked.Decrement(ref underWay);
            await context.Response.WriteAsync("{}");
        });
        // As many origins share all connections.
        Uri[] origins = [.. Enumerable.Repeat(shop.Address, TargetClient.MostConnections / Bound)];
        using TargetClient client = new(origins, new LoadOptions { MostUnderWay = Requests, Timeout = TimeSpan.FromMinutes(1) });

        Task<Answer>[] answers = [.. Enumerable.Range(1, Requests).Select(id => client.SendAsync(ShopRequest.Product(id), Cancellation))];
        await Eventually.HoldsAsync(() => shop.Products == Bound, "all connections are taken", Cancellation);
        allowed.SetResult();

        Assert.All(await Task.WhenAll(answers), static answer => Assert.Null(answer.Error));
        Assert.Equal(Requests, shop.Products);
        Assert.Equal(Bound, seen.Max());
    }

    [Fact]
    public async Task A_dead_target_has_bounded_requests_under_way_and_the_others_are_errors()
    {
        int underWay = 0;
        ConcurrentBag<int> seen = [];
        await using FakeShop shop = await FakeShop.StartAsync(async (context, _) =>
        {
            seen.Add(Interlocked.Increment(ref underWay));
            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted).ContinueWith(static _ => { }, TaskScheduler.Default);
            Interlocked.Decrement(ref underWay);
        });

        (bool isHeld, LoadReport report, _) = await _measurement.RunAsync(
            Measurement.Options(shop.Address) with { MostUnderWay = 8, Timeout = TimeSpan.FromSeconds(6) });

        Assert.False(isHeld);
        KindFigures products = report.Kinds[0];
        Assert.Equal(products.Requests, products.Errors);
        Assert.Equal(8, seen.Max());
        Assert.Equal(8, report.Errors.Single(static error => error.Reason == Answer.TimedOut).Requests);
        Assert.Equal(report.All.Errors - 8, report.Errors.Single(static error => error.Reason == Answer.Unsent).Requests);
        Assert.True(products.Latency.P50 >= 5_990, $"{products.Latency}");
    }

    [Fact]
    public async Task Ended_early_it_reports_what_there_is_and_what_was_under_way()
    {
        using CancellationTokenSource stop = new();
        TaskCompletionSource last = new();
        await using FakeShop shop = await FakeShop.StartAsync(async (_, number) =>
        {
            if (number != 30)
                return;
            await stop.CancelAsync();
            await Task.Delay(500, Cancellation);
            last.SetResult();
        });

        (bool isHeld, LoadReport report, string text) = await _measurement.RunAsync(
            Measurement.Options(shop.Address) with { Seconds = 600 }, new CommandStop(stop.Token, Cancellation));

        Assert.True(isHeld, text);
        Assert.True(last.Task.IsCompleted && report.EndedEarly);
        Assert.Equal(shop.Products, report.Kinds[0].Requests);
        Assert.InRange(report.Seconds, 0.5, 60);
        Assert.True(report.All.Latency.Max >= 490, $"{report.All.Latency}");
        Assert.Contains("It was ended early", text, StringComparison.Ordinal);
    }

    public void Dispose() => _measurement.Dispose();
}
