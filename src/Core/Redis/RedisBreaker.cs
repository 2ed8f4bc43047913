namespace TByte.Functions.Redis;

/// <summary>
/// Counts failed calls in a row and closes the road to Redis until a background probe has got through.
/// Unlike a breaker with a reset time it never spends a user's request on finding out.
/// </summary>
internal sealed class RedisBreaker(int failuresToOpen)
{
    private int _failures;
    private volatile bool _open = true;

    /// <summary>True from the start until the first probe succeeds, and again after enough failures in a row.</summary>
    public bool IsOpen => _open;

    public void CallSucceeded()
    {
        if (Volatile.Read(ref _failures) != 0)
            Volatile.Write(ref _failures, 0);
    }

    /// <summary>Returns true when this failure opened the breaker.</summary>
    public bool CallFailed()
    {
        if (Interlocked.Increment(ref _failures) < failuresToOpen || _open)
            return false;

        _open = true;
        return true;
    }

    /// <summary>Returns true when this probe closed the breaker.</summary>
    public bool ProbeSucceeded()
    {
        CallSucceeded();
        if (!_open)
            return false;

        _open = false;
        return true;
    }
}
