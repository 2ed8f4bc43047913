using CsCheck;
using TByte.Functions.Caching;

namespace TByte.Functions.Core.Tests.Caching;

public class RepresentationTests
{
    [Fact]
    public void The_entity_tag_tells_the_version() =>
        Gen.Select(Gen.Long[1, long.MaxValue], Gen.Byte.Array).Sample((version, body) =>
            Representation.VersionOf(new Representation(body, version).ETag) == version);

    [Fact]
    public void The_entity_tag_changes_with_the_bytes() =>
        Assert.NotEqual(new Representation("{}"u8.ToArray(), 1).ETag, new Representation("[]"u8.ToArray(), 1).ETag);

    [Theory]
    [InlineData("")]
    [InlineData("\"\"")]
    [InlineData("\"5\"")]
    [InlineData("\"-0123456789ab\"")]
    [InlineData("\"5-0123456789\"")]
    [InlineData("\"+5-0123456789ab\"")]
    [InlineData("\"99999999999999999999-0123456789ab\"")]
    [InlineData("5-0123456789ab")]
    public void A_tag_of_another_has_no_version(string etag) => Assert.Null(Representation.VersionOf(etag));
}
