namespace TByte.Functions.Resilience;

/// <summary>
/// One instance's own breaker, underneath the shared one: takes the instance out when only it cannot reach the server, and
/// carries on alone when the shared state cannot be reached. A value; each transition makes a new one.
/// </summary>
/// <param name="IsOpen">No call of this instance passes.</param>
/// <param name="Since">When it opened or closed, a timestamp.</param>
/// <param name="OpenTime">How long callers are told to stay away; probes go on meanwhile.</param>
/// <param name="Streak">How often it has opened in a row; 0 when it has never been open.</param>
/// <param name="Successes">Probes that have succeeded in a row.</param>
/// <param name="Reason">Why it opened or closed.</param>
internal sealed record LocalBreaker(bool IsOpen, long Since, TimeSpan OpenTime, int Streak, int Successes, string Reason)
{
    private const int LongestStreak = 30;

    public static LocalBreaker Closed { get; } = new(false, long.MinValue, TimeSpan.Zero, 0, 0, "");

    public LocalBreaker Open(string reason, long now, BreakerOptions options, TimeProvider time)
    {
        bool again = Streak > 0 && (IsOpen || time.GetElapsedTime(Since, now) < options.LongestOpenTime);
        int streak = again ? Math.Min(Streak + 1, LongestStreak) : 1;
        double seconds = Math.Min(options.LongestOpenTime.TotalSeconds, options.FirstOpenTime.TotalSeconds * Math.Pow(2, streak - 1));
        return new LocalBreaker(true, now, TimeSpan.FromSeconds(seconds), streak, 0, reason);
    }

    public LocalBreaker Probed(bool succeeded, long now, BreakerOptions options, TimeProvider time)
    {
        if (succeeded)
        {
            return Successes + 1 >= options.SuccessesToClose
                ? new LocalBreaker(false, now, TimeSpan.Zero, Streak, 0, "probes succeeded")
                : this with { Successes = Successes + 1 };
        }

        return time.GetElapsedTime(Since, now) >= OpenTime ? Open("probes failed", now, options, time) : this with { Successes = 0 };
    }
}
