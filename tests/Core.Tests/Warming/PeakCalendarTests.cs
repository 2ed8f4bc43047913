using System.Globalization;
using CsCheck;
using TByte.Functions.Warming;

namespace TByte.Functions.Core.Tests.Warming;

public sealed class PeakCalendarTests
{
    private static readonly PeakCalendar London = new(TimeZoneInfo.FindSystemTimeZoneById("Europe/London"));

    [Theory]
    [InlineData("2026-03-04T11:50:00Z", "2026-03-04T12:00:00Z")]
    [InlineData("2026-03-04T12:00:00Z", "2026-03-04T12:00:00Z")]
    [InlineData("2026-03-04T12:10:00Z", "2026-03-04T12:00:00Z")]
    [InlineData("2026-03-04T23:45:00Z", "2026-03-05T00:00:00Z")]
    public void The_hour_is_the_one_that_begins_nearest(string now, string hour) =>
        Assert.Equal(Time(hour), London.NearestHour(Time(now)).ToUniversalTime());

    [Fact]
    public void Hours_are_cut_by_the_zone_s_clock()
    {
        PeakCalendar kolkata = new(TimeZoneInfo.FindSystemTimeZoneById("Asia/Kolkata"));
        Assert.Equal(Time("2026-03-04T11:30:00Z"), kolkata.NearestHour(Time("2026-03-04T11:25:00Z")).ToUniversalTime());
    }

    [Fact]
    public void The_28_days_before_have_the_same_hour_of_the_clock_and_the_same_weekday_says_most()
    {
        // Clocks went forward on 29 March: 18:00 is 17:00 UTC after it, 18:00 UTC before.
        IReadOnlyList<WeightedHour> hours = London.HoursLike(Time("2026-04-08T17:00:00Z"));

        Assert.Equal(28, hours.Count);
        Assert.Equal(Time("2026-04-07T17:00:00Z"), hours[0].Start.ToUniversalTime());
        Assert.Equal(Time("2026-03-28T18:00:00Z"), hours[10].Start.ToUniversalTime());
        Assert.Equal(
            ["2026-04-01", "2026-03-25", "2026-03-18", "2026-03-11"],
            hours.Where(static hour => hour.Weight > 1).Select(static hour => hour.Start.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)));
        Assert.All(hours, static hour => Assert.True(hour.Weight >= 1));
    }

    [Fact]
    public void An_hour_that_a_clock_change_skips_is_left_out() =>
        Assert.Equal(27, London.HoursLike(Time("2026-04-08T00:00:00Z")).Count);

    [Theory]
    [InlineData("2026-03-04T17:44:00Z", false)]
    [InlineData("2026-03-04T17:45:00Z", true)]
    [InlineData("2026-03-04T18:15:00Z", true)]
    [InlineData("2026-03-04T18:16:00Z", false)]
    [InlineData("2026-03-05T18:00:00Z", false)]
    public void A_peak_is_near_before_and_shortly_after_its_begin_on_its_days(string now, bool isNear)
    {
        Peak peak = new([DayOfWeek.Wednesday], new TimeOnly(18, 0), TimeSpan.FromHours(1));
        Assert.Equal(isNear ? Time("2026-03-04T18:00:00Z") : null, London.StartNear(peak, Time(now), TimeSpan.FromMinutes(15))?.ToUniversalTime());
    }

    [Theory]
    [InlineData("2026-03-04T23:50:00Z")]
    [InlineData("2026-03-05T00:05:00Z")]
    public void A_peak_at_midnight_is_near_on_both_sides_of_it(string now)
    {
        Peak peak = new([DayOfWeek.Thursday], new TimeOnly(0, 0), TimeSpan.FromHours(1));
        Assert.Equal(Time("2026-03-05T00:00:00Z"), London.StartNear(peak, Time(now), TimeSpan.FromMinutes(15)));
    }

    [Fact]
    public void Any_moment_of_any_zone_has_its_hours() =>
        Gen.Select(
            Gen.Int[0, TimeZoneInfo.GetSystemTimeZones().Count - 1], Gen.Long[0, 4_000_000_000L]).Sample(static (zone, seconds) =>
        {
            PeakCalendar calendar = new(TimeZoneInfo.GetSystemTimeZones()[zone]);
            DateTimeOffset now = DateTimeOffset.FromUnixTimeSeconds(seconds);
            DateTimeOffset hour = calendar.NearestHour(now);
            Assert.True((hour - now).Duration() <= TimeSpan.FromHours(1));
            Assert.InRange(calendar.HoursLike(hour).Count, 26, 28);
            _ = calendar.StartNear(new Peak([], new TimeOnly(2, 30), TimeSpan.FromHours(1)), now, TimeSpan.FromMinutes(15));
        }, iter: 3_000);

    private static DateTimeOffset Time(string text) => DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
