using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using TByte.Functions.Api.Edge;
using TByte.Functions.Throttling;

namespace TByte.Functions.Api.Tests.Contract;

/// <summary>Whose entry of X-Forwarded-For is believed.</summary>
public sealed class ClientAddressTests
{
    [Theory]
    [InlineData(null, false, "9.9.9.9")]
    [InlineData(null, true, "2.2.2.2")]
    [InlineData(0, true, "9.9.9.9")]
    [InlineData(1, false, "2.2.2.2")]
    [InlineData(2, false, "1.1.1.1")]
    [InlineData(5, false, "0.0.0.1")]
    public void As_many_proxies_are_believed_as_there_are_in_front(int? hops, bool isInAzure, string expected) =>
        Assert.Equal(expected, Of(hops, isInAzure, "0.0.0.1, 1.1.1.1", "2.2.2.2"));

    [Theory]
    [InlineData("", "9.9.9.9")]
    [InlineData("2.2.2.2:443", "2.2.2.2")]
    [InlineData("[2001:db8::7]:443", "2001:db8::7")]
    [InlineData("2001:db8::7", "2001:db8::7")]
    [InlineData("::ffff:2.2.2.2", "2.2.2.2")]
    [InlineData("1.1.1.1, unknown", "9.9.9.9")]
    [InlineData("1.1.1.1,", "9.9.9.9")]
    public void An_entry_that_is_no_address_is_not_believed_nor_is_what_stands_before_it(string field, string expected) =>
        Assert.Equal(expected, Of(1, isInAzure: false, field));

    private static string Of(int? hops, bool isInAzure, params string[] fields)
    {
        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(isInAzure ? [new("WEBSITE_INSTANCE_ID", "0123")] : []).Build();
        DefaultHttpContext http = new() { Connection = { RemoteIpAddress = IPAddress.Parse("9.9.9.9") } };
        http.Request.Headers["X-Forwarded-For"] = fields;
        return new ClientAddress(new RateLimitOptions { TrustedProxyHops = hops }, configuration).Of(http).ToString();
    }
}
