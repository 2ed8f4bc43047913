namespace TByte.Functions.Throttling;

/// <summary>What became of a request.</summary>
/// <param name="IsGranted">It may go on.</param>
/// <param name="Ip">What the policy of addresses says.</param>
/// <param name="Api">What the policy of users says; null where it does not apply.</param>
public readonly record struct RateLimitVerdict(bool IsGranted, PolicyVerdict Ip, PolicyVerdict? Api)
{
    /// <summary>After this the caller is granted again by all that refuse it now.</summary>
    public TimeSpan RetryAfter => Longer(Ip.IsGranted ? default : Ip.FreeIn, Api is { IsGranted: false } api ? api.FreeIn : default);

    private static TimeSpan Longer(TimeSpan one, TimeSpan other) => one > other ? one : other;
}
