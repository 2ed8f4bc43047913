using System.Reflection;

namespace TByte.Functions.Operations;

/// <summary>Which build this is.</summary>
internal static class BuildVersion
{
    // Of the revision, which the SDK writes behind a plus sign.
    private const int MostOfRevision = 8;

    /// <summary>The version, with the beginning of the revision when that is known.</summary>
    public static string Text { get; } = Shortened(
        typeof(BuildVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0");

    private static string Shortened(string version)
    {
        int plus = version.IndexOf('+', StringComparison.Ordinal);
        return plus < 0 ? version : version[..Math.Min(version.Length, plus + 1 + MostOfRevision)];
    }
}
