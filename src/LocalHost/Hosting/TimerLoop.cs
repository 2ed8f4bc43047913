using System;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Azure.Functions.Worker;

namespace TByte.Functions.LocalHost.Hosting;

/// <summary>Runs one timer function when it is due. Occurrences missed during a run are made up for by one run, which is past due.</summary>
internal sealed class TimerLoop(EventFunction function, TimerSchedule schedule, bool runOnStartup, TimeProvider clock)
{
    // A timer cannot wait longer than 49 days, a schedule can.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset last = default;
        DateTimeOffset due = schedule.Next(clock.GetUtcNow());
        if (runOnStartup)
        {
            last = clock.GetUtcNow();
            await function.RunAsync(Describe(last, due, isPastDue: false), cancellationToken);
        }

        while (!cancellationToken.IsCancellationRequested)
        {
            bool isPastDue = clock.GetUtcNow() > due;
            if (!isPastDue && !await WaitUntilAsync(due, cancellationToken))
                return;
            last = due;
            due = schedule.Next(isPastDue ? clock.GetUtcNow() : due);
            await function.RunAsync(Describe(last, due, isPastDue), cancellationToken);
        }
    }

    private async Task<bool> WaitUntilAsync(DateTimeOffset due, CancellationToken cancellationToken)
    {
        for (TimeSpan rest = due - clock.GetUtcNow(); rest > TimeSpan.Zero; rest = due - clock.GetUtcNow())
        {
            Task wait = Task.Delay(rest < LongestWait ? rest : LongestWait, clock, cancellationToken);
            await wait.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (wait.IsCanceled)
                return false;
        }

        return true;
    }

    private TimerInfo Describe(DateTimeOffset last, DateTimeOffset next, bool isPastDue) => new()
    {
        IsPastDue = isPastDue,
        ScheduleStatus = new ScheduleStatus
        {
            Last = last.UtcDateTime,
            Next = next.UtcDateTime,
            LastUpdated = clock.GetUtcNow().UtcDateTime,
        },
    };
}
