using TByte.Functions.Redis;

namespace TByte.Functions.Core.Tests.Redis;

public class RedisOptionsTests
{
    [Theory]
    [InlineData("")]
    [InlineData("127.0.0.1:6379")]
    public void The_connection_may_be_left_out(string connection) =>
        Assert.Empty(new RedisOptions { Connection = connection }.Problems());

    [Fact]
    public void A_wrong_connection_is_named_but_not_repeated()
    {
        string problem = Assert.Single(new RedisOptions { Connection = "127.0.0.1:6379,password=secret,nonsense=1" }.Problems());

        Assert.StartsWith("Redis:Connection", problem, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", problem, StringComparison.Ordinal);
    }
}
