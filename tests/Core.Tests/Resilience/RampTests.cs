using TByte.Functions.Resilience;

namespace TByte.Functions.Core.Tests.Resilience;

public sealed class RampTests
{
    [Theory]
    [InlineData(0, 0.10)]
    [InlineData(999, 0.10)]
    [InlineData(1_000, 0.25)]
    [InlineData(1_999, 0.25)]
    [InlineData(2_000, 0.50)]
    [InlineData(2_999, 0.50)]
    [InlineData(3_000, 1)]
    public void Each_step_takes_a_third(int milliseconds, double share) =>
        Assert.Equal(share, Ramp.Share(TimeSpan.FromMilliseconds(milliseconds), TimeSpan.FromSeconds(3)));

    [Fact]
    public void Without_a_ramp_all_calls_pass_at_once() => Assert.Equal(1, Ramp.Share(TimeSpan.Zero, TimeSpan.Zero));
}
