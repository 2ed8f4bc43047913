using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace TByte.Functions.LocalHost.Hosting;

/// <summary>The functions of an app that no request triggers: the warm-up at the start, timers by schedule, any of them by hand.</summary>
internal sealed class EventFunctions(
    IReadOnlyList<EventFunction> functions, TimeProvider clock, LocalFunctionAppOptions options, ILogger logger) : IHostedService, IDisposable
{
    private readonly CancellationTokenSource _stop = new();

    /// <summary>Runs the warm-up function if there is one, and goes on without it when it takes too long.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (functions.FirstOrDefault(function => function.Entry.Trigger is Trigger.Warmup) is not { } warmup)
            return;
        using CancellationTokenSource budget = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token);
        Task run = warmup.RunAsync(new TimerInfo(), budget.Token);
        await run.WaitAsync(options.WarmupTimeout, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (run.IsCompleted)
            return;
        await budget.CancelAsync();
        cancellationToken.ThrowIfCancellationRequested();
        logger.LogWarning("Function {Function} has not ended after {Timeout}; starting without it.", warmup.Entry.Name, options.WarmupTimeout);
    }

    /// <summary>Starts the timer functions that have a schedule in <paramref name="schedules"/>.</summary>
    public void StartTimers(IReadOnlyDictionary<string, TimerSchedule> schedules)
    {
        foreach (EventFunction function in functions)
        {
            if (function.Entry.Trigger is Trigger.Timer timer && schedules.TryGetValue(function.Entry.Name, out TimerSchedule? schedule))
                _ = new TimerLoop(function, schedule, timer.RunOnStartup, clock).RunAsync(_stop.Token);
        }
    }

    /// <summary>Starts a run of the function named, without waiting for it; false when there is none.</summary>
    public bool TryRun(string name)
    {
        EventFunction? function = functions.FirstOrDefault(function => function.Entry.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        _ = function?.RunAsync(new TimerInfo(), _stop.Token);
        return function is not null;
    }

    /// <summary>Cancels what runs and waits for it to end, for a limited time.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        await Task.WhenAll(functions.Select(function => function.WaitAsync(options.StopTimeout)));
    }

    public void Dispose() => _stop.Dispose();
}
