namespace TByte.Functions.Core.Tests.Resilience.PriorArt;

/// <summary>
/// Failures of all instances in one counter, and probes in one budget that is given back by who took it: what the best shared
/// breakers did before (interlock), without its clocks and fencing, which are sound.
/// </summary>
internal sealed class SharedCounter(TimeProvider time)
{
    private const int Threshold = 5;
    private const int ProbeBudget = 1;
    private static readonly TimeSpan OpenTime = TimeSpan.FromSeconds(30);

    /// <summary>After this a budget that was never given back is made anew.</summary>
    public static readonly TimeSpan BudgetLife = TimeSpan.FromSeconds(300);

    private int _failures;
    private int _probes;
    private DateTimeOffset? _openedAt;
    private DateTimeOffset _halfOpenAt;

    public bool IsOpen => _openedAt is not null;

    public void Failed()
    {
        if (++_failures >= Threshold)
            _openedAt ??= time.GetUtcNow();
    }

    public void Succeeded() => _failures = 0;

    public bool TryProbe()
    {
        if (time.GetUtcNow() - _openedAt < OpenTime)
            return false;
        if (time.GetUtcNow() - _halfOpenAt > BudgetLife)
        {
            _halfOpenAt = time.GetUtcNow();
            _probes = 0;
        }

        return _probes < ProbeBudget && ++_probes > 0;
    }

    public void ProbeSucceeded()
    {
        _openedAt = null;
        _failures = 0;
        _probes = 0;
    }
}

/// <summary>State in Redis under a mutex that is held during the user's call; what Redis answers decides over the call (gobreaker v2).</summary>
internal sealed class MutexAroundTheCall
{
    private bool _held;

    public bool IsRedisDown { get; set; }

    public bool TryBegin()
    {
        if (IsRedisDown)
            throw new InvalidOperationException("The breaker's store cannot be reached.");
        return !_held && (_held = true);
    }

    public void End() => _held = false;
}

/// <summary>The time until which it is open, written by the clock of whoever opened it (stoplight, and small .NET packages).</summary>
internal sealed class ClientClock
{
    private static readonly TimeSpan OpenTime = TimeSpan.FromSeconds(30);

    private DateTimeOffset _openUntil;

    public void Open(DateTimeOffset clockOfWhoOpens) => _openUntil = clockOfWhoOpens + OpenTime;

    public bool IsOpen(DateTimeOffset clockOfWhoAsks) => clockOfWhoAsks < _openUntil;
}

/// <summary>Reads the state, decides, writes it back, in three steps (ganesha).</summary>
internal sealed class ReadThenWrite
{
    private string _stored = "open, time over";

    public string Read() => _stored;

    /// <summary>Decides on what was read; lets a probe go when nobody had one.</summary>
    public bool Decide(string read)
    {
        if (read != "open, time over")
            return false;
        _stored = "half-open, probing";
        return true;
    }
}
