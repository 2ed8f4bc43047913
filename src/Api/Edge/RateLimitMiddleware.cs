using System.Net;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using TByte.Functions.Throttling;

namespace TByte.Functions.Api.Edge;

/// <summary>Takes the permits that a request needs, says in its headers what is left of them, and answers it when there are none.</summary>
internal sealed class RateLimitMiddleware(RateLimiter limiter, ClientAddress client) : IFunctionsWorkerMiddleware
{
    private readonly RateLimitFields _fields = new(limiter);

    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (!limiter.IsEnabled || context.GetHttpContext() is not { } http)
            return next(context);

        PathString path = http.Request.Path;
        // Whoever watches over the app must not be told to wait.
        if (path.StartsWithSegments("/api/health"))
            return next(context);

        IPAddress address = client.Of(http);
        if (limiter.IsExempt(address))
            return next(context);

        bool isVersioned = path.StartsWithSegments("/api/v1");
        if (isVersioned && http.Request.Headers.Authorization.Count > 0 && limiter.NeedsSubject(address))
            return InvokeForCallerAsync(context, http, address, next);

        ValueTask<RateLimitVerdict> asked = isVersioned ? limiter.AcquireAsync(address, subject: null) : limiter.AcquireAsync(address);
        return asked.IsCompletedSuccessfully
            ? GoOn(context, http, asked.Result, next)
            : AwaitAsync(context, http, asked, next);
    }

    private async Task InvokeForCallerAsync(FunctionContext context, HttpContext http, IPAddress address, FunctionExecutionDelegate next)
    {
        string? subject = (await Caller.OfAsync(http.Request))?.Subject;
        if (subject is not null && limiter.IsExempt(subject))
            await next(context);
        else
            await GoOn(context, http, await limiter.AcquireAsync(address, subject), next);
    }

    private async Task AwaitAsync(FunctionContext context, HttpContext http, ValueTask<RateLimitVerdict> asked, FunctionExecutionDelegate next) =>
        await GoOn(context, http, await asked, next);

    private Task GoOn(FunctionContext context, HttpContext http, in RateLimitVerdict verdict, FunctionExecutionDelegate next)
    {
        _fields.Write(http.Response.Headers, verdict);
        if (verdict.IsGranted)
            return next(context);

        context.GetInvocationResult().Value = Problem.TooManyRequests(Violated(verdict), verdict.RetryAfter);
        return Task.CompletedTask;
    }

    private static string[] Violated(in RateLimitVerdict verdict) => (verdict.Ip.IsGranted, verdict.Api) switch
    {
        (false, { IsGranted: false }) => ["ip", "api"],
        (false, _) => ["ip"],
        _ => ["api"],
    };
}
