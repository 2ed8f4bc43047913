using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace TByte.Functions.LocalHost.Hosting;

/// <summary>The functions of an app that no request triggers: the warm-up at the start, timers by schedule, any of them by hand.</summary>
internal sealed class EventFunctions(IReadOnlyList<EventFunction> functions, TimeProvider clock, ILogger logger) : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _loops = [];

    /// <summary>Runs the warm-up function if there is one, waiting for it no longer than <paramref name="timeout"/>.</summary>
    public async Task WarmUpAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (functions.FirstOrDefault(function => function.Entry.Trigger is Trigger.Warmup) is not { } warmup)
            return;
        using CancellationTokenSource budget = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stop.Token);
        budget.CancelAfter(timeout);
        Task run = Task.Run(() => warmup.RunAsync(new TimerInfo(), budget.Token), CancellationToken.None);
        await Task.WhenAny(run, Task.Delay(timeout, cancellationToken));
        cancellationToken.ThrowIfCancellationRequested();
        if (!run.IsCompleted)
            logger.LogWarning("Function {Function} has not ended after {Timeout}; starting without it.", warmup.Entry.Name, timeout);
    }

    /// <summary>Starts the schedules given for timer functions.</summary>
    public void StartTimers(IReadOnlyDictionary<string, TimerSchedule> schedules)
    {
        foreach (EventFunction function in functions)
        {
            if (function.Entry.Trigger is Trigger.Timer timer && schedules.TryGetValue(function.Entry.Name, out TimerSchedule? schedule))
                _loops.Add(new TimerLoop(function, schedule, timer.RunOnStartup, clock).RunAsync(_stop.Token));
        }
    }

    /// <summary>Starts a run of the function named, without waiting for it; false when there is none.</summary>
    public bool TryRun(string name)
    {
        EventFunction? function = functions.FirstOrDefault(function => function.Entry.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        if (function is null)
            return false;
        _ = Task.Run(() => function.RunAsync(new TimerInfo { ScheduleStatus = new ScheduleStatus() }, _stop.Token));
        return true;
    }

    /// <summary>Cancels what runs and waits for it to end, no longer than <paramref name="timeout"/>.</summary>
    public async Task StopAsync(TimeSpan timeout)
    {
        await _stop.CancelAsync();
        await Task.WhenAll(functions.Select(function => function.WaitUntilIdleAsync(timeout)));
    }

    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(_loops).WaitAsync(TimeSpan.FromMilliseconds(100)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stop.Dispose();
    }
}
