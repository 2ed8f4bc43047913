namespace TByte.Functions.Testing.Network;

/// <summary>One direction of a proxy's connections.</summary>
public sealed class FaultyPath
{
    private readonly Lock _gate = new();
    private TaskCompletionSource? _stalled;
    private long _delayTicks;

    /// <summary>How much later everything arrives; order and throughput stay.</summary>
    public TimeSpan Delay
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref _delayTicks));
        set => Interlocked.Exchange(ref _delayTicks, value.Ticks);
    }

    /// <summary>Lets nothing pass until <see cref="Flow"/>; connections stay open and nothing is lost.</summary>
    public void Stall()
    {
        lock (_gate)
            _stalled ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
    }

    /// <summary>Ends a stall.</summary>
    public void Flow()
    {
        lock (_gate)
        {
            _stalled?.SetResult();
            _stalled = null;
        }
    }

    internal void Restore()
    {
        Delay = TimeSpan.Zero;
        Flow();
    }

    internal Task WhenFlowing(CancellationToken cancellationToken)
    {
        lock (_gate)
            return _stalled is null ? Task.CompletedTask : _stalled.Task.WaitAsync(cancellationToken);
    }
}
