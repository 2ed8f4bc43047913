using System;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using TByte.Functions.Operations;
using TByte.Functions.Telemetry;

namespace TByte.Functions.Api.Edge;

/// <summary>
/// Measures requests, from here to the end of the answer, which is written after all middleware has returned. Those of users, and while
/// nobody listens to the metric only those.
/// </summary>
internal sealed class MeasuringMiddleware(RequestWindow window, RequestMetrics metrics, TimeProvider time) : IFunctionsWorkerMiddleware
{
    private static readonly Func<object, Task> Completed = static request => ((MeasuredRequest)request).Complete();

    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is { } http)
        {
            bool isOfUser = http.Request.Path.StartsWithSegments("/api/v1");
            if (isOfUser || metrics.IsEnabled)
                http.Response.OnCompleted(Completed, new MeasuredRequest(this, http, time.GetTimestamp(), isOfUser));
        }

        return next(context);
    }

    private void Record(HttpContext http, long began, bool isOfUser)
    {
        long ended = time.GetTimestamp();
        int status = http.Response.StatusCode;
        if (isOfUser)
            window.Answered(began, ended, failed: status >= StatusCodes.Status500InternalServerError);
        if (metrics.IsEnabled)
        {
            metrics.Answered(
                RouteOf(http), http.Request.Method, status, CacheStatus.OutcomeOf(http.Response.Headers["Cache-Status"]), time.GetElapsedTime(began, ended));
        }
    }

    private static string? RouteOf(HttpContext http) =>
        (http.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText is { } route ? $"/{route.TrimStart('/')}" : null;

    /// <summary>The one object that a request costs: what has to be known at its end.</summary>
    private sealed class MeasuredRequest(MeasuringMiddleware middleware, HttpContext http, long began, bool isOfUser)
    {
        public Task Complete()
        {
            middleware.Record(http, began, isOfUser);
            return Task.CompletedTask;
        }
    }
}
