using System;
using System.Diagnostics;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Mvc.Abstractions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Logging;

namespace TByte.Functions.LocalHost.Hosting;

/// <summary>Answers requests with a function: the middleware runs and unwinds, then the result is executed.</summary>
internal sealed class HttpFunction(HostedFunction function, FunctionExecutionDelegate pipeline, ILogger logger)
{
    private readonly ActionDescriptor _noAction = new();

    public Task AnswerAsync(HttpContext http)
    {
        try
        {
            HttpInvocation invocation = new(function, http);
            if (InvocationSpan.IsWanted)
                return AnswerWithSpanAsync(invocation, http);
            Task run = pipeline(invocation);
            if (!run.IsCompletedSuccessfully)
                return FinishAsync(run, invocation, http);
            Task result = ExecuteResultAsync(invocation.Result, http);
            return result.IsCompletedSuccessfully ? Task.CompletedTask : GuardAsync(result, http);
        }
        catch (Exception exception)
        {
            Fail(exception, http);
            return Task.CompletedTask;
        }
    }

    private async Task AnswerWithSpanAsync(HttpInvocation invocation, HttpContext http)
    {
        using Activity? span = InvocationSpan.Start(invocation);
        try
        {
            await pipeline(invocation);
            await ExecuteResultAsync(invocation.Result, http);
        }
        catch (Exception exception)
        {
            span?.SetStatus(ActivityStatusCode.Error, exception.Message);
            Fail(exception, http);
        }
    }

    private async Task FinishAsync(Task run, HttpInvocation invocation, HttpContext http)
    {
        try
        {
            await run;
            await ExecuteResultAsync(invocation.Result, http);
        }
        catch (Exception exception)
        {
            Fail(exception, http);
        }
    }

    private async Task GuardAsync(Task result, HttpContext http)
    {
        try
        {
            await result;
        }
        catch (Exception exception)
        {
            Fail(exception, http);
        }
    }

    private Task ExecuteResultAsync(object? result, HttpContext http) => result switch
    {
        IActionResult action => action.ExecuteResultAsync(new ActionContext(http, http.GetRouteData(), _noAction)),
        IResult answer => answer.ExecuteAsync(http),
        _ => Task.CompletedTask,
    };

    private void Fail(Exception exception, HttpContext http)
    {
        if (exception is OperationCanceledException && http.RequestAborted.IsCancellationRequested)
            return;
        logger.LogError(exception, "Function {Function} failed.", function.Entry.Name);
        if (http.Response.HasStarted)
        {
            http.Abort();
            return;
        }

        http.Response.Clear();
        http.Response.StatusCode = StatusCodes.Status500InternalServerError;
    }
}
