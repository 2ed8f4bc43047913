using System.Text;
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
    public void So_does_that_of_each_coding_and_all_are_of_one_another() =>
        Gen.Select(Gen.Long[1, long.MaxValue], Gen.Int[0, 2_000]).Sample((version, more) =>
        {
            Representation plain = new(Encoding.ASCII.GetBytes(new string('a', Representation.LeastToPack + more)), version);
            string[] tags = [plain.ETag, plain.In(ContentCoding.Brotli)!.ETag, plain.In(ContentCoding.Gzip)!.ETag];
            return tags.Distinct().Count() == 3
                && tags.All(tag => Representation.VersionOf(tag) == version && CodedTag.Names(tag, plain.ETag));
        }, iter: 200);

    [Theory]
    [InlineData("")]
    [InlineData("\"")]
    [InlineData("-br\"")]
    [InlineData("\"-br\"")]
    [InlineData("\"7-0123456789a-br\"")]
    [InlineData("\"7-0123456789ab-xx\"")]
    [InlineData("\"7-0123456789ab-br-br\"")]
    [InlineData("\"7-0123456789ab\"-br\"")]
    [InlineData("\"8-0123456789ab-br\"")]
    public void Another_tag_does_not_name_it(string tag) => Assert.False(CodedTag.Names(tag, "\"7-0123456789ab\""));

    [Fact]
    public async Task Is_packed_once_however_many_ask_at_once()
    {
        Representation page = new(Encoding.ASCII.GetBytes(new string('a', 50_000)), 1);
        foreach (ContentCoding coding in (ContentCoding[])[ContentCoding.Brotli, ContentCoding.Gzip])
        {
            using Barrier together = new(8);
            CodedBody?[] packed = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    together.SignalAndWait();
                    return page.In(coding);
                },
                TestContext.Current.CancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default)));
            Assert.NotNull(packed[0]);
            Assert.All(packed, one => Assert.Same(packed[0], one));
        }
    }

    [Fact]
    public void What_is_small_or_does_not_get_smaller_is_not_packed()
    {
        Assert.Null(new Representation(new byte[Representation.LeastToPack - 1], 1).In(ContentCoding.Brotli));
        byte[] noise = new byte[4_096];
        new Random(7).NextBytes(noise);
        Representation random = new(noise, 1);
        Assert.Null(random.In(ContentCoding.Brotli));
        Assert.Null(random.In(ContentCoding.Gzip));
        Assert.Null(random.In(ContentCoding.Identity));
    }

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
    [InlineData("\"5-0123456789ab-zz\"")]
    [InlineData("\"5-0123456789-br\"")]
    [InlineData("\"-br\"")]
    [InlineData("-br\"")]
    public void A_tag_of_another_has_no_version(string etag) => Assert.Null(Representation.VersionOf(etag));
}
