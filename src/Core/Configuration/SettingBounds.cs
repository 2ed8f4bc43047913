namespace TByte.Functions.Configuration;

/// <summary>Phrases the one message a setting out of bounds needs.</summary>
public static class SettingBounds
{
    /// <summary>No message when <paramref name="value"/> lies within the bounds, both inclusive.</summary>
    public static IEnumerable<string> Between<T>(string setting, T value, T least, T most)
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
            yield return $"{setting} is {value}; it must be between {least} and {most}.";
    }
}
