namespace TByte.Functions.Resilience;

/// <summary>How many calls pass after a breaker has closed: a server that has just come back gets its load in steps.</summary>
internal static class Ramp
{
    /// <summary>The share of calls that pass: 10, 25 and 50 % for a third of the ramp each, then all.</summary>
    public static double Share(TimeSpan sinceClosed, TimeSpan ramp) => ramp <= TimeSpan.Zero ? 1 : (sinceClosed / ramp) switch
    {
        < 1.0 / 3 => 0.10,
        < 2.0 / 3 => 0.25,
        < 1 => 0.50,
        _ => 1,
    };

    /// <summary>Whether the <paramref name="call"/>th call is one of the share; spreads them evenly.</summary>
    public static bool Lets(long call, double share) => Math.Floor(call * share) > Math.Floor((call - 1) * share);
}
