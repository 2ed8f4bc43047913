using System.Text.Json;
using Microsoft.AspNetCore.Http;
using TByte.Functions.IncidentReplay.Traffic;

namespace TByte.Functions.IncidentReplay.Tests.Traffic;

/// <summary>What the process that sends is told, and what it says.</summary>
public sealed class LoadVerbTests
{
    private static readonly LoadContents Shop = new(Products: 50, Categories: 2, Customers: [7, 8], Orders: [70, 80], TraceFile: null);

    [Fact]
    public async Task A_plan_is_sent_to_the_instances_in_turn_and_reported()
    {
        await using FakeShop one = await FakeShop.StartAsync(other: static context => context.Response.WriteAsync("{}"));
        await using FakeShop two = await FakeShop.StartAsync(other: static context => context.Response.WriteAsync("{}"));

        LoadMessage[] said = await RunAsync(Shop, new LoadPlan { Origins = [one.Address, two.Address], Rate = 100, Seconds = 2, OnlyProducts = true });

        Assert.Equal((200, 0), (said[^1].Report!.All.Requests, said[^1].Report!.All.Errors));
        Assert.Equal((100, 100), (one.Products, two.Products));
    }

    [Fact]
    public async Task A_peak_comes_before_what_is_measured_and_is_not_counted()
    {
        await using FakeShop shop = await FakeShop.StartAsync();

        LoadMessage[] said = await RunAsync(
            Shop, new LoadPlan { Origins = [shop.Address], Rate = 50, Seconds = 2, WarmUpSeconds = 1, Rush = 4, OnlyProducts = true });

        Assert.Equal((100, 300), (said[^1].Report!.All.Requests, shop.Products));
    }

    [Fact]
    public async Task Customers_are_signed_in_and_everybody_has_an_address()
    {
        List<(string Path, bool IsSignedIn, string Address)> read = [];
        await using FakeShop shop = await FakeShop.StartAsync(
            product: (context, _) => Note(context), page: context => Note(context), other: context => Note(context));

        await RunAsync(Shop, new LoadPlan { Origins = [shop.Address], Rate = 200, Seconds = 2 });

        Assert.Equal(400, read.Count);
        Assert.All(read, static request => Assert.Equal(request.Path.Contains("orders", StringComparison.Ordinal), request.IsSignedIn));
        Assert.Equal(20, read.Count(static request => request.IsSignedIn));
        Assert.All(read, static request => Assert.StartsWith("10.", request.Address, StringComparison.Ordinal));

        Task Note(HttpContext context)
        {
            lock (read)
                read.Add((context.Request.Path.Value!, context.Request.Headers.Authorization.Count > 0, context.Request.Headers["X-Forwarded-For"].ToString()));
            return context.Response.WriteAsync("{}");
        }
    }

    [Fact]
    public async Task An_instance_that_is_away_is_left_out()
    {
        await using FakeShop shop = await FakeShop.StartAsync();
        Uri away = new($"http://127.0.0.1:{LocalHost.Servers.LocalPorts.FindFree()}");

        LoadMessage[] said = await RunAsync(Shop, new LoadPlan { Origins = [away, shop.Address], Rate = 50, Seconds = 2, OnlyProducts = true });

        Assert.Equal((100, 0), (said[^1].Report!.All.Requests, said[^1].Report!.All.Errors));
    }

    [Fact]
    public async Task A_trace_that_cannot_be_read_is_said()
    {
        LoadMessage[] said = await RunAsync(Shop with { TraceFile = "/not/there.csv" });

        Assert.Contains("/not/there.csv", Assert.Single(said).Failure, StringComparison.Ordinal);
    }

    private static async Task<LoadMessage[]> RunAsync(LoadContents contents, params LoadPlan[] plans)
    {
        Queue<string> lines = new([JsonSerializer.Serialize(contents), .. plans.Select(static plan => JsonSerializer.Serialize(plan))]);
        TaskCompletionSource<string?> end = new();
        await using StringWriter output = new();
        Task run = new LoadVerb(
            () => lines.TryDequeue(out string? line) ? Task.FromResult<string?>(line) : end.Task, output, TimeProvider.System)
            .RunAsync(TestContext.Current.CancellationToken);
        // The end of the input would be the order to stop; it comes when the last plan is done.
        while (!run.IsCompleted && Reports(output) < plans.Length)
            await Task.Delay(20, TestContext.Current.CancellationToken);
        end.SetResult(null);
        await run;
        return [.. Lines(output).Select(static line => JsonSerializer.Deserialize<LoadMessage>(line)!)];
    }

    private static int Reports(StringWriter output) => Lines(output).Count(static line => JsonSerializer.Deserialize<LoadMessage>(line)!.Report is not null);

    private static string[] Lines(StringWriter output)
    {
        lock (output)
            return output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
