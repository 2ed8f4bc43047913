using Microsoft.Extensions.Configuration;
using TByte.Functions.Resilience;

namespace TByte.Functions.Core.Tests.Resilience;

public sealed class BreakerOptionsTests
{
    [Fact]
    public void The_defaults_are_valid() => Assert.Empty(new BreakerOptions().Problems());

    /// <summary>What is set is bound from the configuration, so that the name in the message is the one that the setting has there.</summary>
    [Theory]
    [InlineData("FailureThreshold", "0", "1", "1000000", "1000001")]
    [InlineData("FailureRatio", "0.009", "0.01", "1", "1.001")]
    [InlineData("SamplingWindow", "00:00:00.999", "00:00:01", "00:10:00", "00:10:00.001")]
    [InlineData("SlowCallDuration", "00:00:00", "00:00:00.001", "00:10:00", "00:10:00.001")]
    [InlineData("SlowCallThreshold", "0", "1", "1000000", "1000001")]
    [InlineData("SlowCallRatio", "0.009", "0.01", "1", "1.001")]
    [InlineData("SuccessesToClose", "0", "1", "100", "101")]
    [InlineData("FirstOpenTime", "00:00:00.009", "00:00:00.010", "00:00:30", "00:00:30.001")]
    [InlineData("LongestOpenTime", "00:00:00.009", "00:00:00.010", "00:10:00", "00:10:00.001")]
    [InlineData("Jitter", "-0.001", "0", "0.5", "0.501")]
    [InlineData("ProbePermits", "0", "1", "100", "101")]
    [InlineData("ProbeInterval", "00:00:00.009", "00:00:00.010", "00:01:00", "00:01:00.001")]
    [InlineData("ProbeTimeout", "00:00:00.009", "00:00:00.010", "00:00:02", "00:00:02.001")]
    [InlineData("ProbeLease", "00:00:00.099", "00:00:00.100", "00:01:00", "00:01:00.001")]
    [InlineData("RampTime", "-00:00:00.001", "00:00:00", "00:10:00", "00:10:00.001")]
    [InlineData("PollInterval", "00:00:00.099", "00:00:00.100", "00:01:00", "00:01:00.001")]
    [InlineData("ReportInterval", "00:00:00.009", "00:00:00.010", "00:00:01", "00:00:01.001")]
    public void What_lies_out_of_bounds_is_named(string setting, string tooLittle, string least, string most, string tooMuch)
    {
        Assert.Empty(ProblemsWith(setting, least));
        Assert.Empty(ProblemsWith(setting, most));
        Assert.Single(ProblemsWith(setting, tooLittle));
        Assert.Single(ProblemsWith(setting, tooMuch));
    }

    [Theory]
    [InlineData("FirstOpenTime", "LongestOpenTime")]
    [InlineData("ProbeTimeout", "ProbeLease")]
    [InlineData("ReportInterval", "PollInterval")]
    public void What_must_not_be_longer_than_another_may_be_as_long(string setting, string other)
    {
        Assert.Empty(Bound((setting, "00:00:04"), (other, "00:00:04")).Problems());
        Assert.StartsWith(
            $"Breaker:{setting} is ",
            Assert.Single(Bound((setting, "00:00:04"), (other, "00:00:03.999")).Problems()),
            StringComparison.Ordinal);
    }

    [Fact]
    public void An_instance_counts_as_gone_after_three_polls() =>
        Assert.Equal(TimeSpan.FromSeconds(6), new BreakerOptions { PollInterval = TimeSpan.FromSeconds(2) }.InstanceLife);

    // A bound that depends on the setting may have a problem of its own.
    private static IEnumerable<string> ProblemsWith(string setting, string value) =>
        Bound((setting, value)).Problems().Where(problem => problem.StartsWith($"Breaker:{setting} is ", StringComparison.Ordinal));

    private static BreakerOptions Bound(params (string Setting, string Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(setting => KeyValuePair.Create($"{BreakerOptions.Section}:{setting.Setting}", (string?)setting.Value)))
        .Build()
        .GetSection(BreakerOptions.Section)
        .Get<BreakerOptions>()!;
}
