using System.Text.RegularExpressions;
using CsCheck;
using TByte.Functions.Diagnosis.Indexes;

namespace TByte.Functions.Diagnosis.Tests.Indexes;

public sealed class IndexNameTests
{
    private static readonly TableFacts Orders = Table("public", "orders");

    [Fact]
    public void Can_be_read() =>
        Assert.Matches("^orders_user_id_created_at_[0-9a-f]{6}_tb$", IndexName.For(Orders, [Column("user_id"), Column("created_at")], "using btree (a)"));

    [Fact]
    public void Is_the_same_for_the_same_index_only()
    {
        string name = IndexName.For(Orders, [Column("a")], "using btree (a)");

        Assert.Equal(name, IndexName.For(Table("public", "orders"), [Column("a")], "using btree (a)"));
        Assert.NotEqual(name, IndexName.For(Orders, [Column("a")], "using btree (a desc)"));
        Assert.NotEqual(name, IndexName.For(Table("other", "orders"), [Column("a")], "using btree (a)"));
    }

    [Fact]
    public void Is_known_as_ours_needs_no_quotes_and_is_short_whatever_tables_and_columns_are_called() =>
        Gen.Select(Gen.String[1, 70], Gen.String[1, 70].Array[1, 5]).Sample((table, columns) =>
        {
            string name = IndexName.For(Table("public", table), columns.Select(Column), string.Join(", ", columns));
            Assert.Matches(new Regex(IndexName.Pattern), name);
            Assert.InRange(name.Length, 1, 63);
        });

    private static TableFacts Table(string schema, string name) =>
        new(schema, name, name, TableKind.Ordinary, 0, 0, 0, 0, 0, 0, 0, new Dictionary<string, ColumnFacts>(), []);

    private static ColumnFacts Column(string name) => new(name, name, 1, "text", true, 8, 0, null, 0, null);
}
