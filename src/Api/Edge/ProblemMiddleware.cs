using System;
using System.IO;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;
using TByte.Functions.Postgres;
using TByte.Functions.Throttling;

namespace TByte.Functions.Api.Edge;

/// <summary>Turns exceptions into problem documents; nothing of an exception reaches the client.</summary>
internal sealed class ProblemMiddleware(ILogger<ProblemMiddleware> logger) : IFunctionsWorkerMiddleware
{
    public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
    {
        Task invocation = next(context);
        return invocation.IsCompletedSuccessfully ? invocation : GuardAsync(invocation, context);
    }

    private async Task GuardAsync(Task invocation, FunctionContext context)
    {
        try
        {
            await invocation;
        }
        catch (DatabaseUnavailableException unavailable)
        {
            context.GetInvocationResult().Value = Problem.Unavailable(unavailable.Message, unavailable.RetryAfter);
        }
        catch (HeavyQueryRejectedException rejected)
        {
            context.GetInvocationResult().Value = Problem.Busy(rejected.Message, rejected.RetryAfter);
        }
        catch (BadHttpRequestException)
        {
            context.GetInvocationResult().Value = Problem.BadRequest("The body does not arrive as HTTP says it should.");
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException
            && context.GetHttpContext() is { RequestAborted.IsCancellationRequested: true })
        {
            // Nobody is left to read an answer.
            context.GetInvocationResult().Value = Results.Empty;
        }
        catch (Exception failure) when (context.GetHttpContext() is not null)
        {
            logger.LogError(failure, "{Function} failed", context.FunctionDefinition.Name);
            context.GetInvocationResult().Value = Problem.Internal();
        }
    }
}
