using CsCheck;
using TByte.Functions.Diagnosis.Indexes;

namespace TByte.Functions.Diagnosis.Tests.Indexes;

public sealed class ConditionParserTests
{
    [Theory]
    [InlineData("(orders.user_id = $1)", "orders.user_id Equal")]
    [InlineData("((o.a = $1) AND (o.b >= $2) AND ($3 > o.c))", "o.a Equal; o.b Greater; o.c Less")]
    [InlineData("((o.a = $1) AND ((o.b < 5) AND (o.c <= 'x AND y'::text)))", "o.a Equal; o.b Less; o.c Less")]
    [InlineData("(i.order_id = o.id)", "i.order_id Equal (o); o.id Equal (i)")]
    [InlineData("(o.a = ANY ($1))", "o.a EqualAny")]
    [InlineData("(o.a = ANY ('{1,2}'::integer[]))", "o.a EqualAny")]
    [InlineData("(ROW(o.created_at, o.id) < ROW($3, $4))", "o.created_at Less")]
    [InlineData("(ROW(o.a, o.b) = ROW($3, $4))", "")]
    [InlineData("(users.active AND (users.email = lower($1)))", "users.active IsTrue; users.email Equal")]
    [InlineData("((NOT u.gone) AND (u.left_at IS NULL) AND (u.name IS NOT NULL))", "u.gone IsFalse; u.left_at IsNull; u.name IsNotNull")]
    [InlineData("users.active", "users.active IsTrue")]
    [InlineData("((u.email)::text = ($1)::text)", "(u.email)::text Equal")]
    [InlineData("(lower((u.email)::text) = $1)", "lower((u.email)::text) Equal")]
    [InlineData("(lower(u.email) = $1)", "lower(u.email) Equal")]
    [InlineData("(\"W t\".\"a \"\"b\" = $1)", "W t.a \"b Equal")]
    [InlineData("(\"and\".\"OR\" = $1)", "and.OR Equal")]
    [InlineData("(o.größe = $1)", "o.größe Equal")]
    [InlineData("(o.created_at > (now() - $1))", "o.created_at Greater")]
    [InlineData("(o.a = (o.b + 1))", "")]
    [InlineData("(o.a = o.b)", "")]
    [InlineData("((o.a = $1) OR (o.b = $2))", "")]
    [InlineData("((o.a = $1) AND ((o.b = $2) OR (o.c = $3)))", "o.a Equal")]
    [InlineData("(o.a <> $1)", "")]
    [InlineData("(o.a ~~ $1)", "")]
    [InlineData("(o.a = ALL ($1))", "")]
    [InlineData("(NOT (o.a = $1))", "")]
    [InlineData("((o.a + 1) = $1)", "")]
    [InlineData("(date_trunc('day'::text, o.at) = $1)", "")]
    [InlineData("(public.f(o.a) = $1)", "")]
    [InlineData("(o.a = public.f(p.b))", "o.a Equal (p)")]
    [InlineData("(o.data -> 'a'::text) = $1", "")]
    [InlineData("CASE WHEN (o.a = 1) AND (o.b = 2) THEN (o.c = 3) ELSE true END", "")]
    [InlineData("(CASE WHEN o.x THEN 1 ELSE 2 END = o.a)", "")]
    [InlineData("(o.a = (InitPlan 1).col1)", "o.a Equal")]
    [InlineData("(NOT (ANY (o.a = (hashed SubPlan 1).col1)))", "")]
    [InlineData("(o.a IS NOT DISTINCT FROM $1)", "")]
    [InlineData("((o.a IS NULL) = $1)", "")]
    [InlineData("(o.* = $1)", "")]
    [InlineData("$1", "")]
    [InlineData("", "")]
    [InlineData("(o.a = E'it\\'s ) AND (o.b = $1)", "")]
    public void Reads_what_an_index_can_serve_and_nothing_else(string text, string expected) =>
        Assert.Equal(expected, string.Join("; ", ConditionParser.Parse(text).Select(Show)));

    [Theory]
    [InlineData("orders.created_at DESC", "orders.created_at desc nulls first")]
    [InlineData("o.id", "o.id asc nulls last")]
    [InlineData("o.id NULLS FIRST", "o.id asc nulls first")]
    [InlineData("o.id DESC NULLS LAST", "o.id desc nulls last")]
    [InlineData("\"W t\".\"DESC\"", "W t.DESC asc nulls last")]
    [InlineData("o.name COLLATE \"C\"", null)]
    [InlineData("o.name USING ~<~", null)]
    [InlineData("(lower(o.name))", null)]
    [InlineData("(count(*)) DESC", null)]
    [InlineData("o.*", null)]
    [InlineData("", null)]
    public void Reads_sort_keys_that_are_columns(string text, string? expected) => Assert.Equal(
        expected,
        SortKey.Parse(text) is { } key
            ? $"{key.Column.Alias}.{key.Column.Column} {(key.Descending ? "desc" : "asc")} nulls {(key.NullsFirst ? "first" : "last")}"
            : null);

    [Theory]
    [InlineData("update orders set status = $1, \"Version\" = version + f(a, b) where id = $2", "status Version")]
    [InlineData("insert into t (a) values ($1) on conflict (a) do update set (b, C) = (excluded.b, $2) returning d", "b c")]
    [InlineData("with w as (update t set a = (select b from c where d = $1) returning *) select set from w where e = $1", "a")]
    [InlineData("/* set x = 1 */ select 'update t set y = 1' for update", "")]
    public void Finds_the_columns_that_are_updated(string statement, string expected) =>
        Assert.Equal(expected.Split(' ', StringSplitOptions.RemoveEmptyEntries).Order(), UpdatedColumns.Of(statement).Order());

    [Fact]
    public void A_conjunction_gives_what_its_parts_give()
    {
        Gen<string> name = Gen.OneOf(Gen.String[Gen.Char['a', 'z'], 1, 5], Gen.String[Gen.Char[' ', '~'], 1, 5], Any("AND", "or", "CASE", "é\"ß"));
        Gen<string> column = Gen.Select(name, name, static (alias, column) => $"{Quote(alias)}.{Quote(column)}");
        Gen<string> atom = Gen.Select(column, Any("=", "<", ">="), Any("$1", "'a)('::text", "(now() - $2)", "ROW(1, 2)"),
            static (column, comparison, value) => $"({column} {comparison} {value})");
        Gen.Select(atom.Array[1, 4], Gen.Bool).Sample((atoms, nested) =>
        {
            string[] alone = [.. atoms.SelectMany(ConditionParser.Parse).Select(Show)];
            string rest = atoms.Length > 2 && nested ? $"({string.Join(" AND ", atoms[1..])})" : string.Join(" AND ", atoms[1..]);
            string together = atoms.Length == 1 ? atoms[0] : $"({atoms[0]} AND {rest})";
            Assert.Equal(atoms.Length, alone.Length);
            Assert.Equal(alone, ConditionParser.Parse(together).Select(Show));
            Assert.Empty(ConditionParser.Parse($"({together} OR {atoms[0]})"));
        });
    }

    [Fact]
    public void Any_text_is_taken_without_complaint()
    {
        Gen<string> piece = Any("(", ")", "[", "]", "a", ".", "b", "=", "<", "AND", "OR", "NOT", "IS", "NULL", "CASE", "END", "ANY", "ROW",
            "\"", "'", "$1", "$x$", "--", "/*", "*/", ",", "::", "\n", " ", "E'\\", "DESC", "NULLS", "FIRST", "SET", "UPDATE", "ß");
        Gen.OneOf(piece.Array[0, 30].Select(string.Concat), piece.Array[0, 30].Select(pieces => string.Join(' ', pieces)), Gen.String).Sample(text =>
        {
            ConditionParser.Parse(text);
            SortKey.Parse(text);
            UpdatedColumns.Of(text);
            _ = new SqlSlice(SqlTokenizer.Tokenize(text)).References().Count();
        });
    }

    private static Gen<string> Any(params string[] texts) => Gen.Int[0, texts.Length - 1].Select(i => texts[i]);

    private static string Quote(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static string Show(Condition condition)
    {
        string key = $"{condition.Key.Column.Alias}.{condition.Key.Column.Column}";
        if (condition.Key.Cast is { } cast)
            key = $"({key})::{cast}";
        if (condition.Key.Function is { } function)
            key = $"{function}({key})";
        return $"{key} {condition.Comparison}" + (condition.OtherAliases.Count == 0 ? "" : $" ({string.Join(", ", condition.OtherAliases.Order())})");
    }
}
