using System.Globalization;
using TByte.Functions.LocalHost.Hosting;

namespace TByte.Functions.LocalHost.Tests.Hosting;

public class TimerScheduleTests
{
    [Theory]
    [InlineData("0 */5 * * * *", "2026-03-01T10:02:03Z", "2026-03-01T10:05:00Z")]
    [InlineData("*/10 * * * * *", "2026-03-01T10:02:10Z", "2026-03-01T10:02:20Z")]
    [InlineData("0 30 9 * * Mon-Fri", "2026-03-06T09:30:00Z", "2026-03-09T09:30:00Z")]
    [InlineData("*/5 * * * *", "2026-03-01T10:02:03Z", "2026-03-01T10:05:00Z")]
    [InlineData("00:00:30", "2026-03-01T10:02:03Z", "2026-03-01T10:02:33Z")]
    [InlineData("1.00:00:00", "2026-03-01T10:02:03Z", "2026-03-02T10:02:03Z")]
    public void Next_occurrence(string schedule, string after, string expected) =>
        Assert.Equal(Time(expected), TimerSchedule.Parse(schedule)!.Next(Time(after)));

    [Theory]
    [InlineData("")]
    [InlineData("every minute")]
    [InlineData("0 61 * * * *")]
    [InlineData("* * * * * * *")]
    [InlineData("-00:00:30")]
    [InlineData("00:00:00")]
    [InlineData("25:61:00")]
    public void What_is_no_schedule(string schedule) => Assert.Null(TimerSchedule.Parse(schedule));

    private static DateTimeOffset Time(string time) => DateTimeOffset.Parse(time, CultureInfo.InvariantCulture);
}
