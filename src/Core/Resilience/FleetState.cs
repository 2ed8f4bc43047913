using System.Globalization;

namespace TByte.Functions.Resilience;

/// <summary>A breaker as the fleet shares it. Times are relative to when it was read, so that no two clocks are compared.</summary>
internal sealed record FleetState
{
    private const int Lines = 10;
    private const string None = "-";

    /// <summary>Grows with every transition; what belongs to an older one is dropped.</summary>
    public required long Epoch { get; init; }

    public required BreakerState State { get; init; }

    /// <summary>For how long it had been in this state when it was read.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>How long the state lasts: the open time, or that of an operator's order.</summary>
    public TimeSpan Length { get; init; }

    /// <summary>How often it has opened in a row; 0 when it has not been open lately.</summary>
    public int Streak { get; init; }

    /// <summary>Instances that report; 0 while that is not known.</summary>
    public int Live { get; init; }

    /// <summary>Probes in flight over the fleet.</summary>
    public int Probes { get; init; }

    /// <summary>Held in this state by an operator.</summary>
    public bool IsForced { get; init; }

    /// <summary>Who gave the last order.</summary>
    public string? By { get; init; }

    public string Reason { get; init; } = "";

    /// <summary>Reads the lines that every script replies with and that are pushed; see <c>Lua/breaker.lua</c>. Null when they are not ours.</summary>
    public static FleetState? Parse(ReadOnlySpan<char> text)
    {
        Span<Range> lines = stackalloc Range[Lines];
        if (text.Split(lines, '\n') != Lines
            || !long.TryParse(text[lines[0]], NumberStyles.None, CultureInfo.InvariantCulture, out long epoch)
            || ParseState(text[lines[1]]) is not { } state
            || !TryParseTime(text[lines[2]], out TimeSpan elapsed)
            || !TryParseTime(text[lines[3]], out TimeSpan length)
            || !TryParseCount(text[lines[4]], out int streak)
            || !TryParseCount(text[lines[5]], out int live)
            || !TryParseCount(text[lines[6]], out int probes))
        {
            return null;
        }

        return new FleetState
        {
            Epoch = epoch,
            State = state,
            Elapsed = elapsed,
            Length = length,
            Streak = streak,
            Live = live,
            Probes = probes,
            IsForced = text[lines[7]] is not None,
            By = text[lines[8]] is None ? null : text[lines[8]].ToString(),
            Reason = text[lines[9]].ToString(),
        };
    }

    private static BreakerState? ParseState(ReadOnlySpan<char> text) => text switch
    {
        "closed" => BreakerState.Closed,
        "half-open" => BreakerState.HalfOpen,
        "open" => BreakerState.Open,
        _ => null,
    };

    private static bool TryParseTime(ReadOnlySpan<char> text, out TimeSpan time)
    {
        bool parsed = long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long milliseconds);
        time = parsed ? TimeSpan.FromMilliseconds(milliseconds) : default;
        return parsed;
    }

    private static bool TryParseCount(ReadOnlySpan<char> text, out int count) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out count);
}
