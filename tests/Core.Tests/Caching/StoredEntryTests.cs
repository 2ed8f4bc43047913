using System.Text;
using CsCheck;
using TByte.Functions.Caching;

namespace TByte.Functions.Core.Tests.Caching;

public class StoredEntryTests
{
    private static readonly CachePolicy Versioned = new("product", TimeSpan.FromHours(1), IsVersioned: true);
    private static readonly CachePolicy Unversioned = new("product-page", TimeSpan.FromHours(1), IsVersioned: false);

    [Fact]
    public void Reads_what_the_script_writes()
    {
        StoredEntry? entry = StoredEntry.Parse("P 42 1764000000123 3600000 17 \"42-0123456789ab\"\n{\"id\":1}"u8.ToArray(), Versioned);

        Assert.NotNull(entry);
        Assert.Equal((StoredKind.Present, 42, 1764000000123, 3_600_000), (entry.Kind, entry.Order, entry.StoredAt, entry.FreshFor));
        Assert.Equal((42, 17, "\"42-0123456789ab\""), (entry.Representation!.Version, entry.Representation.Owner, entry.Representation.ETag));
        Assert.Equal("{\"id\":1}", Encoding.UTF8.GetString(entry.Representation.Body.Span));
    }

    [Fact]
    public void The_order_of_a_kind_without_versions_is_no_version()
    {
        StoredEntry? entry = StoredEntry.Parse("P 1764000000123456 1 2 - \"0-0123456789ab\"\n[]"u8.ToArray(), Unversioned);

        Assert.Equal(0, entry!.Representation!.Version);
        Assert.Null(entry.Representation.Owner);
    }

    [Theory]
    [InlineData("N 0 1 30000 - -\n", (int)StoredKind.Negative)]
    [InlineData("T 9 1 0 - -\n", (int)StoredKind.Tombstone)]
    public void Entries_without_a_body(string stored, int kind)
    {
        StoredEntry? entry = StoredEntry.Parse(Encoding.ASCII.GetBytes(stored), Versioned);

        Assert.Equal((StoredKind)kind, entry!.Kind);
        Assert.Null(entry.Representation);
    }

    [Fact]
    public void Other_bytes_are_a_miss_and_never_an_exception() =>
        Gen.Byte.Array[0, 80].Sample(bytes =>
        {
            byte[] stored = [.. bytes];
            StoredEntry? entry = StoredEntry.Parse(stored, Versioned);
            return entry is null || (char)entry.Kind is 'P' or 'N' or 'T';
        }, iter: 50_000);
}
