using CsCheck;
using TByte.Functions.Throttling;

namespace TByte.Functions.Core.Tests.Throttling;

/// <summary>Random histories of a queue against what must hold of any of them.</summary>
public sealed class HeavyQueryQueueModelTests
{
    private static readonly Gen<QueueStep> Steps = Gen.Frequency(
        (5, Gen.Const((QueueStep)new QueueStep.Arrive(HeavyQueryPriority.Interactive))),
        (4, Gen.Const((QueueStep)new QueueStep.Arrive(HeavyQueryPriority.Background))),
        (4, Gen.Int[0, 20].Select(which => (QueueStep)new QueueStep.Release(which))),
        (2, Gen.Int[0, 20].Select(which => (QueueStep)new QueueStep.Cancel(which))),
        (3, Gen.Int[1, 300].Select(milliseconds => (QueueStep)new QueueStep.Wait(milliseconds))),
        (2, Gen.Bool.Select(high => (QueueStep)new QueueStep.Pressure(high))));

    [Fact]
    public void Limits_order_and_deadlines_hold_and_nothing_is_lost() =>
        Steps.Array[1, 60].Sample(
            steps =>
            {
                using QueueHistory history = new();
                foreach (QueueStep step in steps)
                    history.Take(step);
                history.End();
            },
            iter: 20_000);

    [Fact]
    public async Task Racing_visitors_are_never_too_many_and_all_leave()
    {
        const int most = 4;
        using HeavyQueryQueue queue = new(
            new HeavyQueryOptions { MaxRunning = most, QueueLength = 8, QueueTimeout = TimeSpan.FromMilliseconds(20) }, () => false, TimeProvider.System);
        int inside = 0, highest = 0, admitted = 0;

        await Task.WhenAll(Enumerable.Range(0, 16).Select(visitor => Task.Run(async () =>
        {
            Random random = new(visitor);
            for (int visit = 0; visit < 500; visit++)
            {
                using CancellationTokenSource impatience = new();
                if (random.Next(3) == 0)
                    impatience.CancelAfter(random.Next(3));
                try
                {
                    using HeavyQuerySlot slot = await queue.EnterAsync((HeavyQueryPriority)random.Next(2), impatience.Token);
                    Interlocked.Increment(ref admitted);
                    int now = Interlocked.Increment(ref inside);
                    int seen;
                    while ((seen = Volatile.Read(ref highest)) < now)
                        Interlocked.CompareExchange(ref highest, now, seen);
                    if (random.Next(2) == 0)
                        await Task.Yield();
                    Interlocked.Decrement(ref inside);
                }
                catch (Exception refused) when (refused is HeavyQueryRejectedException or OperationCanceledException)
                {
                    // Next visit.
                }
            }
        })));

        Assert.Equal((0, 0), queue.Counts);
        Assert.InRange(highest, 1, most);
        Assert.True(admitted > 100, $"only {admitted} were admitted");
    }
}
