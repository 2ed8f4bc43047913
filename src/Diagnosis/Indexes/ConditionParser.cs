namespace TByte.Functions.Diagnosis.Indexes;

/// <summary>
/// Reads the conditions of a plan as EXPLAIN VERBOSE writes them. What an index could not serve for certain - OR, functions of several
/// columns, collations, subplans - gives nothing.
/// </summary>
internal static class ConditionParser
{
    /// <summary>The conditions that all hold, each as seen from each column that it compares.</summary>
    public static IReadOnlyList<Condition> Parse(string expression)
    {
        List<Condition> conditions = [];
        Conjunction(new SqlSlice(SqlTokenizer.Tokenize(expression)), conditions);
        return conditions;
    }

    private static void Conjunction(SqlSlice expression, List<Condition> conditions)
    {
        expression = expression.WithoutParentheses();
        if (expression.Split("OR").Count > 1)
            return;

        IReadOnlyList<SqlSlice> parts = expression.Split("AND");
        if (parts.Count == 1)
        {
            conditions.AddRange(Single(expression));
            return;
        }
        foreach (SqlSlice part in parts)
            Conjunction(part, conditions);
    }

    private static IEnumerable<Condition> Single(SqlSlice condition)
    {
        if (condition.Operator() is { } at)
            return Compared(condition[..at], condition[at].Text, condition[(at + 1)..]);
        if (condition.EndsWith("IS", "NOT", "NULL"))
            return Tested(condition[..^3], Comparison.IsNotNull);
        if (condition.EndsWith("IS", "NULL"))
            return Tested(condition[..^2], Comparison.IsNull);
        return condition.StartsWith("NOT") ? Tested(condition[1..], Comparison.IsFalse) : Tested(condition, Comparison.IsTrue);
    }

    private static IEnumerable<Condition> Tested(SqlSlice operand, Comparison comparison) =>
        Key(operand) is { Function: null, Cast: null } key ? [new Condition(key, comparison, new HashSet<string>())] : [];

    private static IEnumerable<Condition> Compared(SqlSlice left, string symbol, SqlSlice right)
    {
        if (symbol == "=" && right.StartsWith("ANY"))
            return Seen(left, Comparison.EqualAny, right);
        if (right.StartsWith("ANY") || right.StartsWith("ALL"))
            return [];
        (Comparison Left, Comparison Right)? comparisons = symbol switch
        {
            "=" => (Comparison.Equal, Comparison.Equal),
            "<" or "<=" => (Comparison.Less, Comparison.Greater),
            ">" or ">=" => (Comparison.Greater, Comparison.Less),
            _ => null,
        };
        return comparisons is { } from ? [.. Seen(left, from.Left, right), .. Seen(right, from.Right, left)] : [];
    }

    private static IEnumerable<Condition> Seen(SqlSlice operand, Comparison comparison, SqlSlice other)
    {
        HashSet<string> others = [.. other.References().Select(reference => reference.Alias)];
        // Rows are ordered by their first column, but equal only by all of them.
        SqlSlice compared = comparison == Comparison.Equal ? operand : operand.FirstOfRow();
        return Key(compared) is { } key && !others.Contains(key.Column.Alias) ? [new Condition(key, comparison, others)] : [];
    }

    private static KeyExpression? Key(SqlSlice operand)
    {
        operand = operand.WithoutParentheses();
        if (operand.Count > 3 && operand[0].IsName && operand[1].IsSymbol("(") && operand.Closing(1) == operand.Count - 1)
            return Column(operand[2..^1]) is { } argument ? argument with { Function = operand[0].Text } : null;
        return Column(operand);
    }

    // c.name or (c.name)::type.
    private static KeyExpression? Column(SqlSlice operand)
    {
        operand = operand.WithoutParentheses();
        if (operand.Count == 3 && operand[0].IsName && operand[1].IsSymbol(".") && operand[2].IsName)
            return new KeyExpression(new ColumnReference(operand[0].Text, operand[2].Text));
        if (operand.Count != 7 || !operand[0].IsSymbol("(") || operand.Closing(0) != 4 || !operand[5].IsSymbol("::") || !operand[6].IsName)
            return null;
        return Column(operand[1..4]) is { } column ? column with { Cast = operand[6].Text } : null;
    }
}
