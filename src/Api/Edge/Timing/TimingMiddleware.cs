using System;
using System.Threading.Tasks;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Primitives;

namespace TByte.Functions.Api.Edge.Timing;

/// <summary>Measures requests that ask to be measured. What is inside shows in the figures, so nobody gets them unasked.</summary>
internal sealed class TimingMiddleware(TimeProvider time) : IFunctionsWorkerMiddleware
{
    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is { } http && http.Request.Headers.TryGetValue("Prefer", out StringValues prefer) && TimingPreference.IsIn(prefer))
            ServerTiming.Begin(http, time);
        return next(context);
    }
}
