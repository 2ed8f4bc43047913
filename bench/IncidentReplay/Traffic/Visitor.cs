namespace TByte.Functions.IncidentReplay.Traffic;

/// <summary>A client of the shop.</summary>
/// <param name="Address">What the proxy in front of the shop says it was called by.</param>
/// <param name="User">Who is signed in; null for nobody.</param>
internal sealed record Visitor(string Address, long? User);

/// <summary>Deals requests out to so many clients that none comes near a limit.</summary>
/// <param name="count">How many clients there are.</param>
/// <param name="only">The address of all of them; null for one each.</param>
internal sealed class Visitors(int count, string? only = null)
{
    /// <summary>What a busy client asks for; the shop's limit is 100 a minute.</summary>
    private const int RequestsPerMinute = 20;

    /// <summary>As many as make that load.</summary>
    public static Visitors For(double requestsPerSecond) => new(Math.Max(1, (int)Math.Ceiling(requestsPerSecond * 60 / RequestsPerMinute)));

    /// <summary>One client that asks for everything.</summary>
    public static Visitors One(string address) => new(1, address);

    /// <summary>One after the other, so that each asks as often as all others.</summary>
    public Visitor Guest(int number) => new(only ?? AddressOf(number % count), User: null);

    /// <summary>A customer has an address of their own.</summary>
    public static Visitor Customer(long user) => new(AddressOf((1 << 23) + (int)(user % (1 << 23))), user);

    // 10.0.0.0/8 has room for 2^24: guests in the lower half, customers in the upper.
    private static string AddressOf(int number) => $"10.{(number >> 16) & 255}.{(number >> 8) & 255}.{number & 255}";
}
