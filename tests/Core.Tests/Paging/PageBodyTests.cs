using System.Text.Json;
using CsCheck;
using TByte.Functions.Paging;

namespace TByte.Functions.Core.Tests.Paging;

public class PageBodyTests
{
    private static readonly JsonSerializerOptions Camel = new(JsonSerializerDefaults.Web);

    [Fact]
    public void Next_is_the_pages_whatever_its_items_hold() =>
        Gen.Select(Gen.String.Array[0, 5], Gen.Long[1, long.MaxValue], Gen.Bool).Sample((items, id, isLast) =>
        {
            string? next = isLast ? null : Cursor.Write(DateTimeOffset.UnixEpoch, id);
            byte[] body = JsonSerializer.SerializeToUtf8Bytes(new Page<string>([.. items, "\"next\":\"x\"}"], next), Camel);
            return PageBody.NextOf(body) == next;
        });

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("\"}")]
    [InlineData("x\"}")]
    [InlineData("""{"next":"a","items":"b"}""")]
    [InlineData("""{"items":[],"next":null}""")]
    public void Other_bytes_have_none(string body) => Assert.Null(PageBody.NextOf(System.Text.Encoding.UTF8.GetBytes(body)));
}
