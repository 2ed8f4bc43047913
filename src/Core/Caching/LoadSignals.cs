using System.Collections.Concurrent;
using TByte.Functions.Redis;

namespace TByte.Functions.Caching;

/// <summary>
/// Wakes who waits for another instance's load. The push may get lost, so that a wait is short and the waiter looks again by
/// itself: no call to Redis is ever left open for the length of a load.
/// </summary>
internal sealed class LoadSignals
{
    public const string Channel = "tb:loaded";

    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _waits = new();

    public LoadSignals(RedisGate gate, TimeProvider time)
    {
        _time = time;
        gate.Subscribe(Channel, Loaded);
    }

    /// <summary>To be called before looking, so that a push between looking and waiting is not missed.</summary>
    public Task Register(string entry) =>
        _waits.GetOrAdd(entry, static _ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).Task;

    /// <summary>Waits for the push or for <paramref name="most"/>, whichever is first.</summary>
    public async Task WaitAsync(Task registration, TimeSpan most)
    {
        try
        {
            await registration.WaitAsync(most, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The caller looks again.
        }
    }

    /// <summary>To be called when nobody here waits for the entry any more.</summary>
    public void Forget(string entry) => _waits.TryRemove(entry, out _);

    private void Loaded(string entry)
    {
        if (_waits.TryRemove(entry, out TaskCompletionSource? wait))
            wait.SetResult();
    }
}
