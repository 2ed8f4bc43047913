using System;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using NCrontab;

namespace TByte.Functions.LocalHost.Hosting;

/// <summary>When a timer is due: by an NCRONTAB expression in UTC, or after each interval.</summary>
internal sealed partial class TimerSchedule
{
    private readonly CrontabSchedule? _crontab;
    private readonly TimeSpan _interval;

    private TimerSchedule(CrontabSchedule crontab) => _crontab = crontab;

    private TimerSchedule(TimeSpan interval) => _interval = interval;

    /// <summary>Reads the schedule of <paramref name="function"/>, replacing "%Name%" by settings.</summary>
    public static TimerSchedule Create(FunctionEntry function, Trigger.Timer timer, IConfiguration settings)
    {
        string expression = Setting().Replace(timer.Schedule, match => settings[match.Groups[1].Value]
            ?? throw new InvalidOperationException(
                $"{function.App}, function {function.Name}: the setting {match.Groups[1].Value} of its schedule '{timer.Schedule}' is missing."));
        return Parse(expression) ?? throw new InvalidOperationException(
            $"{function.App}, function {function.Name}: '{expression}' (from '{timer.Schedule}') is neither an NCRONTAB expression nor a time span.");
    }

    public static TimerSchedule? Parse(string expression)
    {
        if (expression.Contains(':', StringComparison.Ordinal))
        {
            return TimeSpan.TryParse(expression, CultureInfo.InvariantCulture, out TimeSpan interval) && interval > TimeSpan.Zero
                ? new TimerSchedule(interval)
                : null;
        }

        bool hasSeconds = expression.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length == 6;
        CrontabSchedule? crontab = CrontabSchedule.TryParse(expression, new() { IncludingSeconds = hasSeconds });
        return crontab is null ? null : new TimerSchedule(crontab);
    }

    /// <summary>The first occurrence after <paramref name="time"/>.</summary>
    public DateTimeOffset Next(DateTimeOffset time) =>
        _crontab is null ? time + _interval : new DateTimeOffset(_crontab.GetNextOccurrence(time.UtcDateTime), TimeSpan.Zero);

    [GeneratedRegex("%([^%]+)%")]
    private static partial Regex Setting();
}
