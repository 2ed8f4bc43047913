using System;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace TByte.Functions.LocalHost.Hosting;

/// <summary>A function that no request triggers. It never runs beside itself, and a failing run is only logged.</summary>
internal sealed class EventFunction(
    HostedFunction function, FunctionExecutionDelegate pipeline, IServiceScopeFactory scopes, ILogger logger) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1, 1);

    public FunctionEntry Entry => function.Entry;

    /// <summary>Runs the function once its last run has ended.</summary>
    public async Task RunAsync(TimerInfo timer, CancellationToken cancellationToken)
    {
        try
        {
            await _turn.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return;
        }

        try
        {
            await using AsyncServiceScope scope = scopes.CreateAsyncScope();
            await pipeline(new EventInvocation(function, scope.ServiceProvider, timer, cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            logger.LogInformation("Function {Function} was cancelled.", Entry.Name);
        }
        catch (Exception exception)
        {
            logger.LogError(exception, "Function {Function} failed.", Entry.Name);
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Waits until the function is not running; false when it still runs after <paramref name="timeout"/>.</summary>
    public async Task<bool> WaitUntilIdleAsync(TimeSpan timeout)
    {
        if (!await _turn.WaitAsync(timeout))
        {
            logger.LogWarning("Function {Function} still runs {Timeout} after it was asked to stop.", Entry.Name, timeout);
            return false;
        }

        _turn.Release();
        return true;
    }

    public void Dispose() => _turn.Dispose();
}
