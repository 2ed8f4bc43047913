using System;
using System.Linq;
using System.Reflection;
using System.Text.RegularExpressions;
using TByte.Functions.Configuration;

namespace TByte.Functions.LocalHost.Settings;

/// <summary>Finds out what a setting may be by setting it to what it can hardly be, and reading the message.</summary>
internal static partial class SettingBoundary
{
    /// <param name="options">The options.</param>
    /// <param name="path">The property, and those that it lies in before it.</param>
    public static string Of(Type options, PropertyInfo[] path)
    {
        Type type = Nullable.GetUnderlyingType(path[^1].PropertyType) ?? path[^1].PropertyType;
        if (type.IsEnum)
            return string.Join(", ", Enum.GetNames(type).Select(static name => $"`{name}`"));
        if (Least(type) is not { } least)
            return "";

        IValidatedOptions probe = (IValidatedOptions)Activator.CreateInstance(options)!;
        object owner = path[..^1].Aggregate((object)probe, static (outer, part) => part.GetValue(outer)!);
        path[^1].SetValue(owner, least);
        string name = string.Join(':', [AppOptions.Section(options), .. path.Select(static part => part.Name)]);
        Match bounds = probe.Problems().Select(message => Between().Match(message)).FirstOrDefault(match => match.Groups["name"].Value == name)
            ?? throw new InvalidOperationException($"{name} may be anything.");
        return $"{SettingValue.Describe(Parse(bounds.Groups["least"].Value, type))} to {SettingValue.Describe(Parse(bounds.Groups["most"].Value, type))}";
    }

    private static object? Least(Type type) => type == typeof(TimeSpan) || type == typeof(int) || type == typeof(long) || type == typeof(double)
        ? type.GetField(nameof(int.MinValue))!.GetValue(null)
        : null;

    private static object Parse(string value, Type type) =>
        type == typeof(TimeSpan) ? TimeSpan.Parse(value, null) : Convert.ChangeType(value, type, null);

    [GeneratedRegex(@"^(?<name>[\w:]+) is .*; it must be between (?<least>\S+) and (?<most>\S+)\.$")]
    private static partial Regex Between();
}
