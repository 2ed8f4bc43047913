using System;
using System.Collections;
using System.Globalization;

namespace TByte.Functions.LocalHost.Settings;

/// <summary>Says values of settings as one would.</summary>
internal static class SettingValue
{
    private static readonly (TimeSpan Length, string Name)[] Units =
    [
        (TimeSpan.FromDays(1), "d"), (TimeSpan.FromHours(1), "h"), (TimeSpan.FromMinutes(1), "min"), (TimeSpan.FromSeconds(1), "s"), (TimeSpan.FromMilliseconds(1), "ms"),
    ];

    public static string Describe(object? value) => value switch
    {
        null or "" or ICollection { Count: 0 } => "none",
        TimeSpan time => Describe(time),
        bool flag => flag ? "true" : "false",
        long.MaxValue => "any",
        int or long => string.Create(CultureInfo.InvariantCulture, $"{value:N0}"),
        double number => number.ToString("#,0.####", CultureInfo.InvariantCulture),
        _ => $"`{value}`",
    };

    // In the largest unit of which it is a whole number.
    private static string Describe(TimeSpan time)
    {
        foreach ((TimeSpan length, string name) in Units)
        {
            if (time.Ticks % length.Ticks == 0 && time.Ticks > 0)
                return string.Create(CultureInfo.InvariantCulture, $"{time.Ticks / length.Ticks:N0} {name}");
        }

        return time == TimeSpan.Zero ? "0" : time.ToString("c", CultureInfo.InvariantCulture);
    }
}
