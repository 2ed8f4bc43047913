using System.Diagnostics;

namespace TByte.Functions.Load;

/// <summary>One request of an open loop.</summary>
/// <param name="At">When it was due, from the start of the run.</param>
/// <param name="Latency">From when it was due to its answer: a request that could not be sent in time has waited as well.</param>
/// <param name="Answer">What came.</param>
internal readonly record struct Sample<T>(TimeSpan At, TimeSpan Latency, T Answer);

/// <summary>Requests at a fixed rate, whether or not the ones before are answered: users do not wait for each other.</summary>
internal static class OpenLoop
{
    public static async Task<IReadOnlyList<Sample<T>>> RunAsync<T>(
        double requestsPerSecond, TimeSpan duration, Func<int, Task<T>> send, CancellationToken cancellationToken)
    {
        int count = (int)(requestsPerSecond * duration.TotalSeconds);
        Task<Sample<T>>[] requests = new Task<Sample<T>>[count];
        Stopwatch run = Stopwatch.StartNew();
        for (int i = 0; i < count; i++)
        {
            TimeSpan due = TimeSpan.FromSeconds(i / requestsPerSecond);
            TimeSpan early = due - run.Elapsed;
            if (early > TimeSpan.FromMilliseconds(1))
                await Task.Delay(early, cancellationToken);
            int number = i;
            requests[i] = Task.Run(async () =>
            {
                T answer = await send(number);
                return new Sample<T>(due, run.Elapsed - due, answer);
            }, cancellationToken);
        }

        return await Task.WhenAll(requests);
    }
}
