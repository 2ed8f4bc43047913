using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace TByte.Functions.LocalHost.Tests.Hosting.Apps.Http;

/// <summary>What happened during a test, in order.</summary>
internal sealed class Journal
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyList<string> Lines => [.. _lines];

    public void Add(string line) => _lines.Enqueue(line);
}

internal sealed class ScopedThing(Journal journal) : IDisposable
{
    public Guid Id { get; } = Guid.NewGuid();

    public void Dispose() => journal.Add("scope disposed");
}

public class Routes
{
    [Function("GetThing")]
    public IResult Get(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "things/{id}")] HttpRequest request, string id) =>
        Results.Text($"{id} {request.RouteValues["id"]}");

    [Function("PutThing")]
    public Task<IActionResult> Put([HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "things/{id}")] HttpRequest request) =>
        Task.FromResult<IActionResult>(new OkObjectResult(new { Put = request.RouteValues["id"] }));

    [Function("GetNumber")]
    public static async Task<IResult> GetNumber(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "numbers/{id:long}")] HttpRequest request, string id, CancellationToken ct)
    {
        await Task.Delay(1, ct);
        return Results.Text($"{request.Method} {id}");
    }

    [Function("NoRoute")]
    public ValueTask<IResult> NoRoute([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) =>
        ValueTask.FromResult(Results.Text(request.Method));

    [Function("Nothing")]
    public void Nothing([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => request.HttpContext.Items["seen"] = true;

    [Function("Client")]
    public IResult Client([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) =>
        Results.Text($"{request.HttpContext.Connection.RemoteIpAddress} {request.Scheme} {request.Host} {request.Headers["X-Forwarded-For"]}");

    [Function("NeedsKey")]
    public IResult NeedsKey([HttpTrigger(AuthorizationLevel.Function, "get")] HttpRequest request) => Results.Text(request.Path);

    [Function("NeedsKeyByDefault")]
    public IResult NeedsKeyByDefault([HttpTrigger("get")] HttpRequest request) => Results.Text(request.Path);
}

internal sealed class JournalResult(Journal journal, string text) : IResult
{
    public Task ExecuteAsync(HttpContext httpContext)
    {
        journal.Add("result");
        return httpContext.Response.WriteAsync(text);
    }
}

public class Order
{
    private readonly Journal _journal;

    internal Order(Journal journal) => _journal = journal;

    public Order(IServiceProvider services)
        : this((Journal)services.GetService(typeof(Journal))!)
    {
    }

    [Function("Ordered")]
    public async Task<IResult> Run([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request)
    {
        _journal.Add("function");
        await Task.Yield();
        return new JournalResult(_journal, request.Path);
    }

    [Function("Throws")]
    public IResult Throw([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) =>
        throw new InvalidOperationException($"thrown by the function {request.Path}");

    [Function("ThrowsLater")]
    public async Task<IResult> ThrowLater([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request)
    {
        await Task.Yield();
        throw new InvalidOperationException($"thrown by the function {request.Path}");
    }

    [Function("ResultThrows")]
    public IResult ResultThrows([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) =>
        new ThrowingResult(request.Path);

    private sealed class ThrowingResult(string path) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => throw new InvalidOperationException($"thrown by the result of {path}");
    }
}

public class Scopes
{
    [Function("Scoped")]
    public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request, FunctionContext context)
    {
        var fromRequest = (ScopedThing)request.HttpContext.RequestServices.GetService(typeof(ScopedThing))!;
        var fromContext = (ScopedThing)context.InstanceServices.GetService(typeof(ScopedThing))!;
        var journal = (Journal)context.InstanceServices.GetService(typeof(Journal))!;
        journal.Add(fromRequest.Id == fromContext.Id ? "same scope" : "different scopes");
        return new JournalResult(journal, "scoped");
    }

    [Function("Context")]
    public IResult Describe([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "context/{id}")] HttpRequest request, FunctionContext context)
    {
        context.Features.Set("a feature");
        return Results.Json(new
        {
            SameHttp = ReferenceEquals(context.GetHttpContext(), request.HttpContext),
            SameItem = ReferenceEquals(context.Items["HttpRequestContext"], request.HttpContext),
            Feature = context.Features.Get<string>(),
            Missing = context.Features.Get<Version>() is null,
            SameId = context.InvocationId == context.InvocationId && Guid.TryParse(context.InvocationId, out _),
            context.FunctionDefinition.Name,
            context.FunctionDefinition.EntryPoint,
            Trigger = context.FunctionDefinition.InputBindings["request"].Type,
            Id = context.BindingContext.BindingData["id"],
            context.TraceContext.TraceParent,
        });
    }
}
