using System.Collections.Concurrent;
using Microsoft.Azure.Functions.Worker;

namespace TByte.Functions.LocalHost.Tests.Hosting.Apps.Timers;

/// <summary>What the timer functions of a test do, and what they were told.</summary>
internal sealed class TimerScript
{
    public ConcurrentQueue<TimerInfo> Runs { get; } = new();

    public Func<TimerInfo, CancellationToken, Task> OnRun { get; set; } = (_, _) => Task.CompletedTask;

    public async Task WaitForRunsAsync(int count)
    {
        using CancellationTokenSource deadline = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        while (Runs.Count < count)
            await Task.Delay(5, deadline.Token);
    }
}

public class Timers(IServiceProvider services)
{
    private readonly TimerScript _script = (TimerScript)services.GetService(typeof(TimerScript))!;

    [Function("Tick")]
    public async Task Tick([TimerTrigger("%Tick:Schedule%")] TimerInfo timer, CancellationToken cancellationToken)
    {
        _script.Runs.Enqueue(timer);
        await _script.OnRun(timer, cancellationToken);
    }
}
