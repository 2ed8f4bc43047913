using System.Net;
using System.Text;
using TByte.Functions.LocalHost.Servers;
using TByte.Functions.Testing;
using TByte.Functions.Testing.Postgres;
using TByte.Functions.Testing.Redis;
using TByte.Functions.Testing.Telemetry;

namespace TByte.Functions.Fleet.Tests.Telemetry;

/// <summary>What an instance sends by OTLP, taken by a receiver as a collector would.</summary>
public sealed class ExportedTelemetryTests(PostgresFixture postgres)
{
    private const string CallersSpan = "00f067aa0ba902b7";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_cold_read_is_one_trace_that_shows_where_the_time_went()
    {
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync(Token);
        await using ApiFleet fleet = await StartAsync(receiver.Settings, redis);
        await CallAsync(fleet, HttpMethod.Get, "api/v1/products/1");
        string trace = await CallAsync(fleet, HttpMethod.Get, "api/v1/products/7");

        ReceivedSpan[] spans = await TraceAsync(receiver, trace);
        Assert.Equal(
            [
                "function GetProduct",
                "  cache read",
                "    MGET read",
                "    cache load",
                "      EVALSHA lease",
                "      database read",
                "        database attempt",
                "          Npgsql",
                "      EVALSHA store",
            ],
            TraceTree.Lines(spans, CallersSpan).Where(static line => !line.Contains("rate_limit", StringComparison.Ordinal)));

        ReceivedSpan read = spans.Single(static span => span.Name == "cache read");
        Assert.Equal("TByte.Functions.Cache", read.Scope);
        Assert.Equal(("product", "miss"), (read.Attributes["cache.kind"], read.Attributes["cache.outcome"]));
        ReceivedSpan attempt = spans.Single(static span => span.Name == "database attempt");
        Assert.Equal(
            ("postgres-primary", "only_server", "first"),
            (attempt.Attributes["server.name"], attempt.Attributes["route.reason"], attempt.Attributes["attempt.kind"]));
        Assert.Equal(["place", "connection"], attempt.Events);
        Assert.All(spans.Where(static span => span.Scope == "TByte.Functions.Redis"), static span =>
            Assert.Equal((3, "redis"), (span.Kind, span.Attributes["db.system.name"])));
        Assert.Equal("postgresql", spans.Single(static span => span.Scope == "Npgsql").Attributes["db.system.name"]);
        Assert.DoesNotContain(spans, static span => span.IsError);
    }

    [Fact]
    public async Task A_hit_has_no_span_but_that_of_its_function_and_background_work_has_none()
    {
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync(Token);
        await using ApiFleet fleet = await StartAsync(receiver.Settings, redis);
        await CallAsync(fleet, HttpMethod.Get, "api/v1/products/7");
        string trace = await CallAsync(fleet, HttpMethod.Get, "api/v1/products/7");

        ReceivedSpan[] spans = await TraceAsync(receiver, trace);
        Assert.Equal("memory_hit", spans.Single(static span => !span.Name.Contains("rate_limit", StringComparison.Ordinal)).Attributes["cache.outcome"]);
        // By now the replay, the reports of breakers and the probes have run; what they did over new connections is told of these alone.
        Assert.All(receiver.Spans.Where(static span => span.Parent.Length == 0), static root => Assert.Matches("^(function|CONNECT) ", root.Name));
    }

    [Fact]
    public async Task Lines_of_the_log_carry_the_trace_in_which_they_were_written()
    {
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync(Token);
        await using ApiFleet fleet = await StartAsync(receiver.Settings, redis);
        string trace = await CallAsync(
            fleet, HttpMethod.Post, "api/ops/breakers/postgres-primary", """{ "state": "auto", "reason": "to have a line", "by": "a test" }""");

        ReceivedSpan function = (await TraceAsync(receiver, trace)).Single(static span => span.Name == "function OrderBreaker");
        await Eventually.HoldsAsync(() => receiver.Logs.Any(log => log.Trace == trace), "the line has come", Token);
        ReceivedLog line = receiver.Logs.First(log => log.Trace == trace);
        Assert.Equal("Breaker postgres-primary was ordered to be auto by a test: to have a line (outcome: Taken)", line.Text);
        Assert.Equal(function.Id, line.Span);
        Assert.Equal("postgres-primary", line.Attributes["Breaker"]);
    }

    [Fact]
    public async Task Metrics_come_with_boundaries_that_tell_hits_apart_and_from_an_app_that_says_who_it_is()
    {
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        await using OtlpReceiver receiver = await OtlpReceiver.StartAsync(Token);
        await using ApiFleet fleet = await StartAsync(receiver.Settings, redis);
        await CallAsync(fleet, HttpMethod.Get, "api/v1/products/7");
        await CallAsync(fleet, HttpMethod.Get, "api/v1/products/7");

        await Eventually.HoldsAsync(() => Outcomes().IsSupersetOf(["miss", "memory_hit"]), "both reads were told", Token);
        ReceivedMetric reads = receiver.Metrics.First(static metric => metric.Name == "tbyte.cache.read.duration");
        Assert.Equal("s", reads.Unit);
        Assert.True(reads.Boundaries[0] <= 0.000_01 && reads.Boundaries[^1] >= 1);
        Assert.Superset(
            new HashSet<string>(["tbyte.postgres.places.taken", "db.client.connection.count", "tbyte.redis.available", "dotnet.process.cpu.time"]),
            receiver.Metrics.Select(static metric => metric.Name).ToHashSet());
        Assert.All(receiver.Resources, static sender =>
        {
            Assert.Equal("tbyte-api", sender["service.name"]);
            Assert.NotEmpty(sender["service.version"]);
            Assert.NotEmpty(sender["service.instance.id"]);
        });

        HashSet<string> Outcomes() =>
        [
            .. receiver.Metrics.Where(static metric => metric.Name == "tbyte.cache.read.duration")
                .SelectMany(static metric => metric.Points)
                .Select(static point => point["cache.outcome"]),
        ];
    }

    [Fact]
    public async Task Requests_are_answered_while_nobody_takes_what_is_sent()
    {
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        (string, object)[] settings =
        [
            ("OTEL_EXPORTER_OTLP_ENDPOINT", $"http://127.0.0.1:{LocalPorts.FindFree()}"),
            ("OTEL_BSP_SCHEDULE_DELAY", "10"),
            ("OTEL_METRIC_EXPORT_INTERVAL", "50"),
        ];
        await using ApiFleet fleet = await StartAsync(settings, redis);

        for (int product = 1; product <= 50; product++)
            await CallAsync(fleet, HttpMethod.Get, $"api/v1/products/{product}");
    }

    private async Task<ApiFleet> StartAsync(IReadOnlyList<(string Key, object Value)> settings, TestRedis redis) => await ApiFleet.StartAsync(
        1, await postgres.CreateDatabaseAsync(), redis.Connection, ApiFleet.Patient, [.. settings]);

    /// <summary>Calls as a part of a trace, and returns its id.</summary>
    private static async Task<string> CallAsync(ApiFleet fleet, HttpMethod method, string path, string? body = null)
    {
        string trace = Guid.NewGuid().ToString("N");
        using HttpRequestMessage request = new(method, new Uri(path, UriKind.Relative));
        request.Headers.Add("traceparent", $"00-{trace}-{CallersSpan}-01");
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage response = await fleet.Instances[0].Client.SendAsync(request, Token);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return trace;
    }

    /// <summary>The spans of a trace: all of them are there once its function's is, which ends last, and is sent with or after them.</summary>
    private static async Task<ReceivedSpan[]> TraceAsync(OtlpReceiver receiver, string trace)
    {
        await Eventually.HoldsAsync(
            () => receiver.Spans.Any(span => span.Trace == trace && span.Name.StartsWith("function ", StringComparison.Ordinal)), "the trace has come", Token);
        return [.. receiver.Spans.Where(span => span.Trace == trace)];
    }
}
