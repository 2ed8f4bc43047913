using System.Net;
using TByte.Functions.Throttling;

namespace TByte.Functions.Core.Tests.Throttling.RateLimits;

/// <summary>Who is one caller, and who is exempt.</summary>
public sealed class CallerTests
{
    [Theory]
    [InlineData("203.0.113.9", "203.0.113.9")]
    [InlineData("::ffff:203.0.113.9", "203.0.113.9")]
    [InlineData("2001:db8:1:2:3:4:5:6", "20010db800010002/64")]
    [InlineData("2001:db8:1:2::", "20010db800010002/64")]
    [InlineData("::1", "0000000000000000/64")]
    public void Addresses_have_a_name_each_and_ipv6_networks_of_64_bits_one(string address, string name) =>
        Assert.Equal(name, CallerKey.Of(IPAddress.Parse(address)).ToString());

    [Fact]
    public void All_of_an_ipv6_network_is_one_caller_its_neighbour_is_another()
    {
        CallerKey one = CallerKey.Of(IPAddress.Parse("2001:db8:1:2:3:4:5:6"));
        Assert.Equal(one, CallerKey.Of(IPAddress.Parse("2001:db8:1:2:ffff::1")));
        Assert.Equal(one.GetHashCode(), CallerKey.Of(IPAddress.Parse("2001:db8:1:2:ffff::1")).GetHashCode());
        Assert.NotEqual(one, CallerKey.Of(IPAddress.Parse("2001:db8:1:3:3:4:5:6")));
        Assert.NotEqual(CallerKey.Of(IPAddress.Parse("0.0.0.1")), CallerKey.Of(IPAddress.Parse("::")));
    }

    [Theory]
    [InlineData("42", "sub:42")]
    [InlineData("auth0|7", "sha256:")]
    [InlineData("{x}", "sha256:")]
    [InlineData("ünïcode", "sha256:")]
    [InlineData("two words", "sha256:")]
    public void A_subject_is_named_as_it_is_or_by_a_hash(string subject, string name) =>
        Assert.StartsWith(name, CallerKey.Of(subject).ToString(), StringComparison.Ordinal);

    [Fact]
    public void However_long_a_subject_is_its_name_is_not() =>
        Assert.Equal("sha256:".Length + 64, CallerKey.Of(new string('a', 100_000)).ToString().Length);

    [Fact]
    public void Addresses_networks_and_subjects_can_be_exempt()
    {
        ExemptCallers exempt = new(["10.0.0.0/8", "203.0.113.9", "2001:db8::/32", "sub:monitor"]);
        Assert.True(exempt.Contains(IPAddress.Parse("10.1.2.3")));
        Assert.True(exempt.Contains(IPAddress.Parse("203.0.113.9")));
        Assert.True(exempt.Contains(IPAddress.Parse("2001:db8:7::1")));
        Assert.True(exempt.Contains("monitor"));
        Assert.False(exempt.Contains(IPAddress.Parse("11.1.2.3")));
        Assert.False(exempt.Contains(IPAddress.Parse("203.0.113.8")));
        Assert.False(exempt.Contains(IPAddress.Parse("2001:db9::1")));
        Assert.False(exempt.Contains("sub:monitor"));
    }

    [Theory]
    [InlineData("10.0.0.0/8", true)]
    [InlineData("::1", true)]
    [InlineData("sub:a", true)]
    [InlineData("sub:", false)]
    [InlineData("shop.example", false)]
    [InlineData("", false)]
    public void A_setting_names_somebody_or_is_an_error(string caller, bool expected) => Assert.Equal(expected, ExemptCallers.IsCaller(caller));
}
