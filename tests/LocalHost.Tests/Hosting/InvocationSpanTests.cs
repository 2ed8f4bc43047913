using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using TByte.Functions.LocalHost.Hosting;
using TByte.Functions.LocalHost.Tests.Hosting.Apps.Http;
using TByte.Functions.Testing;

namespace TByte.Functions.LocalHost.Tests.Hosting;

/// <summary>Each invocation has the span that the worker would make of it.</summary>
public sealed class InvocationSpanTests : IDisposable
{
    private readonly ActivityListener _listener;
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly string _trace = ActivityTraceId.CreateRandom().ToHexString();

    public InvocationSpanTests()
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == "Microsoft.Azure.Functions.Worker",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => _listener.Dispose();

    [Fact]
    public async Task It_goes_on_where_the_callers_trace_ends()
    {
        Activity span = await CallAsync("things/7");

        Assert.Equal("function GetThing", span.OperationName);
        Assert.Equal(ActivityKind.Internal, span.Kind);
        Assert.Equal("00f067aa0ba902b7", span.ParentSpanId.ToHexString());
        Assert.Equal("GetThing", span.GetTagItem("faas.name"));
        Assert.True(Guid.TryParse((string?)span.GetTagItem("faas.invocation_id"), out _));
        Assert.Equal("congo=t61rcWkgMzE", span.TraceStateString);
        Assert.Equal(ActivityStatusCode.Unset, span.Status);
    }

    [Theory]
    [InlineData("Throws")]
    [InlineData("ThrowsLater")]
    [InlineData("ResultThrows")]
    public async Task A_function_that_fails_marks_it(string function)
    {
        Activity span = await CallAsync(function);

        Assert.Equal(ActivityStatusCode.Error, span.Status);
    }

    private async Task<Activity> CallAsync(string path)
    {
        await using LocalFunctionApp app = await TestApps.StartAsync(TestApps.Define("Http", static app => app.Services.AddSingleton<Journal>().AddScoped<ScopedThing>()));
        using HttpClient client = TestApps.Client(app);
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri($"api/{path}", UriKind.Relative));
        request.Headers.Add("traceparent", $"00-{_trace}-00f067aa0ba902b7-01");
        request.Headers.Add("tracestate", "congo=t61rcWkgMzE");
        using HttpResponseMessage response = await client.SendAsync(request, Token);
        // The answer is there before the span ends.
        await Eventually.HoldsAsync(() => _ended.Any(span => span.TraceId.ToHexString() == _trace), "the span has ended", Token);
        return _ended.Single(span => span.TraceId.ToHexString() == _trace);
    }
}
