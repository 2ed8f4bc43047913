namespace TByte.Functions.Configuration;

/// <summary>Phrases the one message a setting out of bounds needs.</summary>
internal static class SettingBounds
{
    public static IEnumerable<string> Between<T>(string setting, T value, T least, T most)
        where T : IComparable<T>
    {
        if (value.CompareTo(least) < 0 || value.CompareTo(most) > 0)
            yield return $"{setting} is {value}; it must be between {least} and {most}.";
    }
}
