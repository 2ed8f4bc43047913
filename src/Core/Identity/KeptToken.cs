using Azure.Core;

namespace TByte.Functions.Identity;

/// <summary>A token and when it is to be renewed.</summary>
/// <param name="token">As it was given.</param>
/// <param name="since">When it came.</param>
internal sealed class KeptToken(AccessToken token, DateTimeOffset since)
{
    // Of renewals before the end, for a source that fails for a while.
    private static readonly TimeSpan LongestMargin = TimeSpan.FromMinutes(5);

    // For a source that goes on giving out a token which is about to expire.
    private static readonly TimeSpan ShortestUse = TimeSpan.FromSeconds(1);

    public string Token => token.Token;

    public DateTimeOffset Since => since;

    public DateTimeOffset ExpiresOn => token.ExpiresOn;

    /// <summary>When its giver says; else when two thirds of what is left of its life have passed. With some time to spare before its end.</summary>
    public DateTimeOffset RenewOn { get; } = Due(token, since);

    private static DateTimeOffset Due(AccessToken token, DateTimeOffset since)
    {
        TimeSpan left = token.ExpiresOn - since;
        DateTimeOffset latest = token.ExpiresOn - Shorter(LongestMargin, left / 3);
        // A time that has passed says no more than that the giver had no newer one.
        DateTimeOffset due = token.RefreshOn is { } refresh && refresh > since ? refresh : since + left * 2 / 3;
        due = due < latest ? due : latest;
        return due > since + ShortestUse ? due : since + ShortestUse;
    }

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
