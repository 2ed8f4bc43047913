using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using TByte.Functions.LocalHost.Hosting;
using TByte.Functions.LocalHost.Tests.Hosting.Apps.Http;

namespace TByte.Functions.LocalHost.Tests.Hosting;

public class HttpFunctionTests
{
    private readonly Journal _journal = new();

    [Theory]
    [InlineData("GET", "api/things/7", "7 7")]
    [InlineData("PUT", "api/things/7", """{"put":"7"}""")]
    [InlineData("GET", "api/numbers/12", "GET 12")]
    [InlineData("GET", "api/NoRoute", "GET")]
    [InlineData("DELETE", "api/noroute", "DELETE")]
    [InlineData("GET", "api/Nothing", "")]
    public async Task Answers_what_the_function_returns(string method, string path, string expected)
    {
        await using LocalFunctionApp app = await StartAsync();
        using HttpResponseMessage response = await SendAsync(app, method, path);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(expected, await response.Content.ReadAsStringAsync(Cancellation));
        Assert.False(response.Headers.Contains("Server"));
    }

    [Theory]
    [InlineData("POST", "api/things/7")]
    [InlineData("OPTIONS", "api/things/7")]
    [InlineData("HEAD", "api/numbers/12")]
    [InlineData("GET", "api/numbers/twelve")]
    [InlineData("GET", "api/numbers/99999999999999999999")]
    [InlineData("GET", "things/7")]
    [InlineData("GET", "api")]
    [InlineData("GET", "")]
    public async Task Anything_else_is_404_without_a_body(string method, string path)
    {
        await using LocalFunctionApp app = await StartAsync();
        using HttpResponseMessage response = await SendAsync(app, method, path);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(Cancellation));
        Assert.Empty(response.Content.Headers.Allow);
    }

    [Fact]
    public async Task Head_is_answered_where_it_is_listed()
    {
        await using LocalFunctionApp app = await StartAsync();
        using HttpResponseMessage response = await SendAsync(app, "HEAD", "api/things/7");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(3, response.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task Middleware_runs_in_order_of_registration_and_the_result_after_it_has_unwound()
    {
        await using LocalFunctionApp app = await StartAsync(builder =>
        {
            builder.UseMiddleware<First>();
            builder.UseMiddleware(async (_, next) =>
            {
                _journal.Add("second in");
                await next();
                _journal.Add("second out");
            });
            builder.UseWhen<Never>(context => context.FunctionDefinition.Name != "Ordered");
            builder.UseWhen(context => context.FunctionDefinition.Name == "Ordered", (_, next) =>
            {
                _journal.Add("third in");
                return next();
            });
        });
        using HttpResponseMessage response = await SendAsync(app, "GET", "api/Ordered");

        Assert.Equal(["first in", "second in", "third in", "function", "second out", "first out", "result"], _journal.Lines);
    }

    [Theory]
    [InlineData("Throws")]
    [InlineData("ThrowsLater")]
    public async Task Middleware_can_answer_an_exception(string function)
    {
        await using LocalFunctionApp app = await StartAsync(builder => builder.UseMiddleware<Translate>());
        using HttpResponseMessage response = await SendAsync(app, "GET", $"api/{function}");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("Throws")]
    [InlineData("ThrowsLater")]
    [InlineData("ResultThrows")]
    public async Task An_exception_that_leaves_the_pipeline_is_a_logged_500_without_a_body(string function)
    {
        FakeLogCollector logs = new();
        await using LocalFunctionApp app = await StartAsync(
            builder => builder.Logging.AddProvider(new FakeLoggerProvider(logs)),
            new LocalFunctionAppOptions { Settings = new Dictionary<string, string?> { ["Logging:LogLevel:Default"] = "Error" } });
        using HttpResponseMessage response = await SendAsync(app, "GET", $"api/{function}");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(Cancellation));
        FakeLogRecord record = Assert.Single(logs.GetSnapshot());
        Assert.Equal(LogLevel.Error, record.Level);
        Assert.Equal($"Function.{function}", record.Category);
        Assert.IsType<InvalidOperationException>(record.Exception);
    }

    [Fact]
    public async Task An_invocation_has_one_scope_that_ends_after_the_result()
    {
        await using LocalFunctionApp app = await StartAsync();
        using HttpResponseMessage response = await SendAsync(app, "GET", "api/Scoped");
        await WaitUntilAsync(() => _journal.Lines.Count == 3);

        Assert.Equal(["same scope", "result", "scope disposed"], _journal.Lines);
    }

    [Fact]
    public async Task The_function_context_describes_the_invocation()
    {
        await using LocalFunctionApp app = await StartAsync();
        using HttpClient client = TestApps.Client(app);
        using HttpRequestMessage request = new(HttpMethod.Get, "api/context/5");
        request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        using HttpResponseMessage response = await client.SendAsync(request, Cancellation);
        JsonElement context = JsonElement.Parse(await response.Content.ReadAsStringAsync(Cancellation));

        Assert.True(context.GetProperty("sameHttp").GetBoolean());
        Assert.True(context.GetProperty("sameItem").GetBoolean());
        Assert.True(context.GetProperty("missing").GetBoolean());
        Assert.True(context.GetProperty("sameId").GetBoolean());
        Assert.Equal("a feature", context.GetProperty("feature").GetString());
        Assert.Equal("Context", context.GetProperty("name").GetString());
        Assert.Equal("TByte.Functions.LocalHost.Tests.Hosting.Apps.Http.Scopes.Describe", context.GetProperty("entryPoint").GetString());
        Assert.Equal("httpTrigger", context.GetProperty("trigger").GetString());
        Assert.Equal("5", context.GetProperty("id").GetString());
        Assert.Contains("0af7651916cd43dd8448eb211c80319c", context.GetProperty("traceParent").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("X-Forwarded-For", "198.51.100.4", "127.0.0.1 http ")]
    [InlineData("X-Forwarded-Proto", "https", "127.0.0.1 https ")]
    [InlineData("X-Forwarded-Host", "shop.example", "127.0.0.1 http shop.example")]
    public async Task Any_forwarded_header_alone_is_applied(string header, string value, string expected)
    {
        await using LocalFunctionApp app = await StartAsync();
        using HttpClient client = TestApps.Client(app);
        using HttpRequestMessage request = new(HttpMethod.Get, "api/Client");
        request.Headers.Add(header, value);
        using HttpResponseMessage response = await client.SendAsync(request, Cancellation);

        Assert.StartsWith(expected, await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    /// <summary>The entry that the worker takes off is the host's own: what came with the request stays for the app to judge.</summary>
    [Fact]
    public async Task Forwarded_headers_are_applied_as_by_the_host_and_the_worker()
    {
        await using LocalFunctionApp app = await StartAsync();
        using HttpClient client = TestApps.Client(app);
        using HttpRequestMessage request = new(HttpMethod.Get, "api/Client");
        request.Headers.Add("X-Forwarded-For", "203.0.113.9, 198.51.100.4");
        request.Headers.Add("X-Forwarded-Proto", "https");
        request.Headers.Add("X-Forwarded-Host", "shop.example");
        using HttpResponseMessage response = await client.SendAsync(request, Cancellation);

        Assert.Equal("127.0.0.1 https shop.example 203.0.113.9,198.51.100.4", await response.Content.ReadAsStringAsync(Cancellation));
    }

    [Theory]
    [InlineData("NeedsKey", null, null, 401)]
    [InlineData("NeedsKey", "wrong", null, 401)]
    [InlineData("NeedsKey", "secret", null, 200)]
    [InlineData("NeedsKey", null, "secret", 200)]
    [InlineData("NeedsKey", null, "Secret", 401)]
    [InlineData("NeedsKeyByDefault", null, null, 401)]
    [InlineData("things/1", null, null, 200)]
    public async Task Keys_are_asked_for_when_required(string path, string? header, string? code, int expected)
    {
        await using LocalFunctionApp app = await StartAsync(null, new LocalFunctionAppOptions { RequireKeys = true, FunctionKey = "secret" });
        using HttpClient client = TestApps.Client(app);
        using HttpRequestMessage request = new(HttpMethod.Get, $"api/{path}{(code is null ? "" : $"?code={code}")}");
        if (header is not null)
            request.Headers.Add("x-functions-key", header);
        using HttpResponseMessage response = await client.SendAsync(request, Cancellation);

        Assert.Equal(expected, (int)response.StatusCode);
    }

    [Fact]
    public async Task Keys_are_not_asked_for_otherwise()
    {
        await using LocalFunctionApp app = await StartAsync();
        using HttpResponseMessage response = await SendAsync(app, "GET", "api/NeedsKey");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Registered_authentication_adds_no_middleware()
    {
        await using LocalFunctionApp app = await StartAsync(builder =>
            builder.Services.AddAuthenticationCore(authentication =>
            {
                authentication.DefaultScheme = "Throwing";
                authentication.AddScheme<ThrowingHandler>("Throwing", null);
            }));
        using HttpResponseMessage response = await SendAsync(app, "GET", "api/things/1");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private Task<LocalFunctionApp> StartAsync(Action<FunctionsApplicationBuilder>? compose = null, LocalFunctionAppOptions? options = null) =>
        TestApps.StartAsync(
            TestApps.Define("Http", builder =>
            {
                builder.Services.AddSingleton(_journal).AddScoped<ScopedThing>();
                compose?.Invoke(builder);
            }),
            options);

    private static async Task<HttpResponseMessage> SendAsync(LocalFunctionApp app, string method, string path)
    {
        using HttpClient client = TestApps.Client(app);
        using HttpRequestMessage request = new(new HttpMethod(method), path);
        return await client.SendAsync(request, Cancellation);
    }

    private static async Task WaitUntilAsync(Func<bool> condition)
    {
        using CancellationTokenSource deadline = new(TimeSpan.FromSeconds(30));
        while (!condition())
            await Task.Delay(5, deadline.Token);
    }

    private sealed class First(Journal journal) : IFunctionsWorkerMiddleware
    {
        public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
        {
            journal.Add("first in");
            await next(context);
            journal.Add("first out");
        }
    }

    private sealed class Never(Journal journal) : IFunctionsWorkerMiddleware
    {
        public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
        {
            journal.Add("never");
            return next(context);
        }
    }

    private sealed class Translate : IFunctionsWorkerMiddleware
    {
        public async Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
        {
            try
            {
                await next(context);
            }
            catch (InvalidOperationException exception)
            {
                context.GetInvocationResult().Value = Results.Problem(exception.GetType().Name, statusCode: 503);
            }
        }
    }
}
