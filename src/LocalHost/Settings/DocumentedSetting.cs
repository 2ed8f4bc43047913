namespace TByte.Functions.LocalHost.Settings;

/// <summary>One setting, as a reader looks it up.</summary>
/// <param name="Name">As it is written in the environment, such as <c>RateLimits__Ip__Permits</c>.</param>
/// <param name="Default">What holds when it is not set.</param>
/// <param name="Bounds">What it may be, while the settings that bound it have their defaults; empty where a type says it all.</param>
/// <param name="Meaning">What it does.</param>
internal sealed record DocumentedSetting(string Name, string Default, string Bounds, string Meaning)
{
    /// <summary>Whether it is numbered, from 0.</summary>
    public bool IsList { get; init; }
}
