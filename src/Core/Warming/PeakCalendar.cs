namespace TByte.Functions.Warming;

/// <summary>When peaks begin, and which hours of the past an hour to come is like; by the shop's own time, so that clock changes do not move them.</summary>
public sealed class PeakCalendar(TimeZoneInfo zone)
{
    private const int Weeks = 4;

    // The same weekday says more than all the other days of its week together say about it.
    private const double SameWeekday = 8;

    /// <summary>The begin of the hour nearest to a moment.</summary>
    public DateTimeOffset NearestHour(DateTimeOffset now)
    {
        DateTimeOffset local = TimeZoneInfo.ConvertTime(now, zone).AddMinutes(30);
        return local.AddTicks(-(local.TimeOfDay.Ticks % TimeSpan.TicksPerHour));
    }

    /// <summary>The same hour of the 28 days before.</summary>
    public IReadOnlyList<WeightedHour> HoursLike(DateTimeOffset hour)
    {
        DateTime local = TimeZoneInfo.ConvertTime(hour, zone).DateTime;
        List<WeightedHour> hours = [];
        for (int days = 1; days <= 7 * Weeks; days++)
        {
            DateTime before = local.AddDays(-days);
            // The hour that a clock change skips is on no clock.
            if (!zone.IsInvalidTime(before))
                hours.Add(new WeightedHour(new DateTimeOffset(before, zone.GetUtcOffset(before)), days % 7 == 0 ? SameWeekday : 1));
        }

        return hours;
    }

    /// <summary>When a peak begins that begins within <paramref name="lead"/> of now, before or after; null when it does not.</summary>
    public DateTimeOffset? StartNear(Peak peak, DateTimeOffset now, TimeSpan lead)
    {
        DateTime today = TimeZoneInfo.ConvertTime(now, zone).Date;
        foreach (DateTime day in (ReadOnlySpan<DateTime>)[today.AddDays(-1), today, today.AddDays(1)])
        {
            DateTime local = day + peak.Start.ToTimeSpan();
            if ((peak.Days.Count > 0 && !peak.Days.Contains(day.DayOfWeek)) || zone.IsInvalidTime(local))
                continue;

            DateTimeOffset start = new(local, zone.GetUtcOffset(local));
            if ((start - now).Duration() <= lead)
                return start;
        }

        return null;
    }
}
