using TByte.Functions.Configuration;

namespace TByte.Functions.Throttling;

/// <summary>Section <c>RateLimits</c>: how often one caller may ask. All instances of a fleet must have the same.</summary>
public sealed record RateLimitOptions : IValidatedOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "RateLimits";

    /// <summary>Off: nothing is counted, nothing refused, and no answer speaks of limits.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Counts and tells, but refuses nothing.</summary>
    public bool Shadow { get; init; }

    /// <summary>What one address may ask of all routes but those for health.</summary>
    public RateLimit Ip { get; init; } = new() { Permits = 1_000, Window = TimeSpan.FromMinutes(15) };

    /// <summary>What one user, or one address without a user, may ask of the versioned routes.</summary>
    public RateLimit Api { get; init; } = new() { Permits = 100, Window = TimeSpan.FromMinutes(1) };

    /// <summary>
    /// How many proxies in front of the app append to <c>X-Forwarded-For</c> whom they were called by. Entries before those are
    /// the caller's own words. Null: 1 in Azure, where the front end does, else 0.
    /// </summary>
    public int? TrustedProxyHops { get; init; }

    /// <summary>Callers that are not limited: addresses, networks such as <c>10.0.0.0/8</c>, and <c>sub:</c> with the subject of a token.</summary>
    public IReadOnlyList<string> Exempt { get; init; } = [];

    /// <summary>How many callers an instance remembers for each policy; the least active beyond that are forgotten, at their cost.</summary>
    public int MaxCallers { get; init; } = 50_000;

    /// <inheritdoc/>
    public IEnumerable<string> Problems() =>
    [
        .. Ip.Problems("RateLimits:Ip"),
        .. Api.Problems("RateLimits:Api"),
        .. SettingBounds.Between("RateLimits:TrustedProxyHops", TrustedProxyHops ?? 0, 0, 10),
        .. SettingBounds.Between("RateLimits:MaxCallers", MaxCallers, 100, 10_000_000),
        .. Exempt.SelectMany(static (caller, number) => ExemptCallers.IsCaller(caller)
            ? Array.Empty<string>()
            : [$"RateLimits:Exempt:{number} is '{caller}'; it must be an address, a network such as 10.0.0.0/8, or sub: and the subject of a token."]),
    ];
}

/// <summary>So many permits in every window of this length, wherever it begins.</summary>
public sealed record RateLimit
{
    /// <summary>How many.</summary>
    public int Permits { get; init; }

    /// <summary>The window, in whole seconds.</summary>
    public TimeSpan Window { get; init; }

    internal IEnumerable<string> Problems(string setting) =>
    [
        .. SettingBounds.Between($"{setting}:Permits", Permits, 1, 100_000_000),
        .. SettingBounds.Between($"{setting}:Window", Window, TimeSpan.FromSeconds(1), TimeSpan.FromDays(1)),
        .. Window.Ticks % TimeSpan.TicksPerSecond == 0 ? Array.Empty<string>() : [$"{setting}:Window is {Window}; it must be whole seconds."],
    ];
}
