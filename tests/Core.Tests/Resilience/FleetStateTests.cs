using TByte.Functions.Resilience;

namespace TByte.Functions.Core.Tests.Resilience;

/// <summary>What scripts reply with and push, as it is read.</summary>
public sealed class FleetStateTests
{
    private static readonly string[] Held = ["7", "open", "1500", "60000", "2", "5", "1", "open", "operator", "why not"];

    [Fact]
    public void Every_line_is_read() => Assert.Equal(
        new FleetState
        {
            Epoch = 7,
            State = BreakerState.Open,
            Elapsed = TimeSpan.FromMilliseconds(1_500),
            Length = TimeSpan.FromMinutes(1),
            Streak = 2,
            Live = 5,
            Probes = 1,
            IsForced = true,
            By = "operator",
            Reason = "why not",
        },
        FleetState.Parse(string.Join('\n', Held)));

    [Fact]
    public void Where_there_is_no_order_there_is_nobody_who_gave_it()
    {
        FleetState state = FleetState.Parse("1\nclosed\n0\n0\n0\n0\n0\n-\n-\nnew")!;
        Assert.Equal((false, null), (state.IsForced, state.By));
    }

    [Theory]
    [InlineData(0, "")]
    [InlineData(0, "-1")]
    [InlineData(1, "ajar")]
    [InlineData(2, "1.5")]
    [InlineData(3, "1e3")]
    [InlineData(4, "x")]
    [InlineData(5, "")]
    [InlineData(6, "99999999999")]
    public void What_is_not_ours_is_not_read(int line, string text)
    {
        string[] lines = [.. Held];
        lines[line] = text;
        Assert.Null(FleetState.Parse(string.Join('\n', lines)));
    }

    [Fact]
    public void What_is_cut_off_is_not_read() => Assert.Null(FleetState.Parse(string.Join('\n', Held[..^1])));
}
