using System.Diagnostics;
using System.Threading.Tasks;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;

namespace TByte.Functions.Api.Edge.Correlation;

/// <summary>Gives each request a correlation id: in its answer, in its log lines and in its trace. The first middleware, so that no answer lacks it.</summary>
internal sealed class CorrelationMiddleware(ILogger<CorrelationMiddleware> logger) : IFunctionsWorkerMiddleware
{
    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        if (context.GetHttpContext() is not { } http)
            return next(context);

        string id = CorrelationId.Of(http.Request.Headers[CorrelationId.Header]);
        http.Response.Headers[CorrelationId.Header] = id;
        Activity.Current?.SetTag("correlation.id", id);
        // Not awaited within: what has begun goes on in the scope that it began in, and a hit needs no state machine.
        using (CorrelationId.BeginScope(logger, id))
            return next(context);
    }
}
