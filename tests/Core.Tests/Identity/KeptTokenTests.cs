using Azure.Core;
using TByte.Functions.Identity;

namespace TByte.Functions.Core.Tests.Identity;

public sealed class KeptTokenTests
{
    private static readonly DateTimeOffset Since = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>In seconds from its coming; no refresh time where there is none.</summary>
    [Theory]
    [InlineData(86_400, 43_200, 43_200)]
    [InlineData(3_600, null, 2_400)]
    [InlineData(180, null, 120)]
    [InlineData(3_600, 3_599, 3_300)]
    [InlineData(180, 179, 120)]
    [InlineData(180, -60, 120)]
    [InlineData(1, null, 1)]
    public void Is_renewed_when_its_giver_says_or_after_two_thirds_of_its_life_and_with_time_to_spare(int life, int? refresh, int renewed)
    {
        KeptToken token = new(new AccessToken("token", Since.AddSeconds(life), refresh is { } seconds ? Since.AddSeconds(seconds) : null), Since);

        Assert.Equal(renewed, (token.RenewOn - Since).TotalSeconds, tolerance: 0.001);
    }
}
