using System.Collections.Concurrent;

namespace TByte.Functions.Fleet.Tests;

/// <summary>
/// Reads products that nobody has read before, on every instance, until it is told to stop: each is a query, or a refusal. There are no
/// such products, so that an answer is a 404.
/// </summary>
internal sealed class ColdReads : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentQueue<(DateTimeOffset At, int Instance, int Status)> _answers = new();
    private readonly Task _reading;
    private long _next;

    public ColdReads(ApiFleet fleet, long first = 1_000_000)
    {
        _next = first;
        _reading = Task.WhenAll(Enumerable.Range(0, fleet.Instances.Count).Select(instance => ReadAsync(fleet, instance)));
    }

    /// <summary>What came, with the time of each answer.</summary>
    public IReadOnlyCollection<(DateTimeOffset At, int Instance, int Status)> Answers => _answers;

    /// <summary>Waits until an instance answers with a status from now on.</summary>
    public Task SeesAsync(int instance, int status, string what)
    {
        DateTimeOffset from = DateTimeOffset.UtcNow;
        return Testing.Eventually.HoldsAsync(
            () => _answers.Any(answer => answer.At > from && answer.Instance == instance && answer.Status == status),
            what,
            TestContext.Current.CancellationToken);
    }

    public async Task AllSeeAsync(int status, string what)
    {
        for (int instance = 0; instance < _answers.Max(answer => answer.Instance) + 1; instance++)
            await SeesAsync(instance, status, $"{what} (instance {instance})");
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _reading;
        _stop.Dispose();
    }

    private async Task ReadAsync(ApiFleet fleet, int instance)
    {
        while (!_stop.IsCancellationRequested)
        {
            ProductAnswer answer = await fleet.GetProductAsync(instance, Interlocked.Increment(ref _next));
            _answers.Enqueue((DateTimeOffset.UtcNow, instance, answer.Status));
            if (answer.Status == 503)
                Assert.True(answer.RetryAfter >= TimeSpan.FromSeconds(1));
            await Task.Delay(Pause, CancellationToken.None);
        }
    }
}
