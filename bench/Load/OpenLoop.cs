using System.Diagnostics;

namespace TByte.Functions.Load;

/// <summary>One request of an open loop.</summary>
/// <param name="At">When it was due, from the start of the run.</param>
/// <param name="Latency">From when it was due to its answer: a request that could not be sent in time has waited as well.</param>
/// <param name="Answer">What came.</param>
internal readonly record struct Sample<T>(TimeSpan At, TimeSpan Latency, T Answer);

/// <summary>A request of an open loop whose time has come.</summary>
/// <param name="Number">Counts from 0.</param>
/// <param name="At">When it was due, from the start of the run.</param>
/// <param name="Run">Runs since the start.</param>
internal readonly record struct DueRequest(int Number, TimeSpan At, Stopwatch Run)
{
    /// <summary>How long ago it was due.</summary>
    public TimeSpan Late => Run.Elapsed - At;
}

/// <summary>Requests at a fixed rate, whether or not the ones before are answered: users do not wait for each other.</summary>
internal static class OpenLoop
{
    public static async Task<IReadOnlyList<Sample<T>>> RunAsync<T>(
        double requestsPerSecond, TimeSpan duration, Func<int, Task<T>> send, CancellationToken cancellationToken)
    {
        List<Task<Sample<T>>> requests = [];
        await PaceAsync(
            requestsPerSecond,
            duration,
            due => requests.Add(Task.Run(
                async () =>
                {
                    T answer = await send(due.Number);
                    return new Sample<T>(due.At, due.Late, answer);
                },
                cancellationToken)),
            cancellationToken);
        return await Task.WhenAll(requests);
    }

    /// <summary>Keeps no book of the requests, so that a long run takes no more memory than a short one.</summary>
    /// <param name="requestsPerSecond">The rate.</param>
    /// <param name="duration">How long.</param>
    /// <param name="begin">Begins a request and returns at once.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public static Task PaceAsync(
        double requestsPerSecond, TimeSpan duration, Action<DueRequest> begin, CancellationToken cancellationToken) =>
        PaceAsync((int)(requestsPerSecond * duration.TotalSeconds), i => TimeSpan.FromSeconds(i / requestsPerSecond), begin, cancellationToken);

    /// <summary>The same at any pace.</summary>
    /// <param name="count">How many requests.</param>
    /// <param name="dueAt">When a request is due, from the start of the run; never before the one before it.</param>
    /// <param name="begin">Begins a request and returns at once.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public static async Task PaceAsync(
        int count, Func<int, TimeSpan> dueAt, Action<DueRequest> begin, CancellationToken cancellationToken)
    {
        Stopwatch run = Stopwatch.StartNew();
        for (int i = 0; i < count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            TimeSpan due = dueAt(i);
            TimeSpan early = due - run.Elapsed;
            if (early > TimeSpan.FromMilliseconds(1))
                await Task.Delay(early, cancellationToken);
            begin(new DueRequest(i, due, run));
        }
    }
}
