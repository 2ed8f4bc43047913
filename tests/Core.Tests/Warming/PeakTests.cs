using TByte.Functions.Warming;

namespace TByte.Functions.Core.Tests.Warming;

public sealed class PeakTests
{
    [Fact]
    public void Days_are_optional_and_a_peak_may_last_past_midnight()
    {
        Assert.Equal(("", new TimeOnly(18, 0), TimeSpan.FromHours(2)), Parse("18:00-20:00"));
        Assert.Equal(("Friday Saturday", new TimeOnly(22, 30), TimeSpan.FromHours(3.5)), Parse("Fri,saturday 22:30-2:00"));
        Assert.Equal(("Monday", new TimeOnly(0, 0), TimeSpan.FromDays(1)), Parse("  MON   0:00-0:00 "));
    }

    [Theory]
    [InlineData("")]
    [InlineData("noon")]
    [InlineData("18:00")]
    [InlineData("18:00-")]
    [InlineData("18:00-25:00")]
    [InlineData("18-20")]
    [InlineData("18:00-19:00-20:00")]
    [InlineData("Someday 18:00-20:00")]
    [InlineData("Fr 18:00-20:00")]
    [InlineData("Fri, 18:00-20:00")]
    [InlineData("5 18:00-20:00")]
    [InlineData("Fri Sat 18:00-20:00")]
    public void What_is_no_peak_is_not_read(string text) => Assert.False(Peak.TryParse(text, out _));

    private static (string, TimeOnly, TimeSpan) Parse(string text)
    {
        Assert.True(Peak.TryParse(text, out Peak? peak));
        return (string.Join(' ', peak.Days), peak.Start, peak.Length);
    }
}
