using System;
using System.Diagnostics;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace TByte.Functions.LocalHost.Hosting;

/// <summary>A function that no request triggers. It never runs beside itself, and a failing run is only logged.</summary>
internal sealed class EventFunction(
    HostedFunction function, FunctionExecutionDelegate pipeline, IServiceScopeFactory scopes, ILogger logger)
{
    private readonly Lock _gate = new();
    private Task _last = Task.CompletedTask;

    public FunctionEntry Entry => function.Entry;

    /// <summary>Runs the function once its earlier runs have ended.</summary>
    public Task RunAsync(TimerInfo timer, CancellationToken cancellationToken)
    {
        lock (_gate)
            return _last = RunAfterAsync(_last, timer, cancellationToken);
    }

    /// <summary>Waits for the runs asked for so far, no longer than <paramref name="timeout"/>.</summary>
    public async Task WaitAsync(TimeSpan timeout)
    {
        Task last = _last;
        await last.WaitAsync(timeout).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!last.IsCompleted)
            logger.LogWarning("Function {Function} still runs {Timeout} after it was asked to stop.", Entry.Name, timeout);
    }

    private async Task RunAfterAsync(Task earlier, TimerInfo timer, CancellationToken cancellationToken)
    {
        // Yields in any case, so that the function does not run under the lock.
        await earlier.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        if (cancellationToken.IsCancellationRequested)
            return;
        await using AsyncServiceScope scope = scopes.CreateAsyncScope();
        EventInvocation invocation = new(function, scope.ServiceProvider, timer, cancellationToken);
        using Activity? span = InvocationSpan.Start(invocation);
        try
        {
            await pipeline(invocation);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            logger.LogInformation("Function {Function} was cancelled.", Entry.Name);
        }
        catch (Exception exception)
        {
            span?.SetStatus(ActivityStatusCode.Error, exception.Message);
            logger.LogError(exception, "Function {Function} failed.", Entry.Name);
        }
    }
}
