using CsCheck;
using NpgsqlTypes;
using TByte.Functions.Caching;

namespace TByte.Functions.Core.Tests.Caching;

public sealed class InvalidationMessageTests
{
    [Fact]
    public void What_is_told_is_what_is_heard() =>
        Gen.Select(Gen.String[Gen.Char[' ', '~'], 0, 40], Gen.Long[0, long.MaxValue], Gen.ULong).Sample((name, version, position) =>
        {
            Invalidation told = new(name, version, new NpgsqlLogSequenceNumber(position));

            Assert.True(Invalidation.TryParse(told.Message(), out Invalidation heard));
            Assert.Equal(told, heard);
        });

    [Theory]
    [InlineData("2 product:42", 2, 0)]
    [InlineData("2@18446744073709551615 product:42", 2, ulong.MaxValue)]
    public void Is_readable(string message, long version, ulong position)
    {
        Invalidation invalidation = new("product:42", version, new NpgsqlLogSequenceNumber(position));

        Assert.Equal(message, invalidation.Message());
    }

    [Theory]
    [InlineData("")]
    [InlineData("product:42")]
    [InlineData("x product:42")]
    [InlineData("2@ product:42")]
    [InlineData("2@x product:42")]
    [InlineData("@2 product:42")]
    [InlineData("-1 product:42")]
    public void Anything_else_is_not_one(string message) => Assert.False(Invalidation.TryParse(message, out _));
}
