namespace TByte.Functions.Diagnosis.Indexes;

/// <summary>A part of an expression.</summary>
internal readonly struct SqlSlice(IReadOnlyList<SqlToken> tokens, int start, int count)
{
    public SqlSlice(IReadOnlyList<SqlToken> tokens)
        : this(tokens, 0, tokens.Count)
    {
    }

    public int Count => count;

    public SqlToken this[int index] => tokens[start + index];

    /// <summary>For ranges.</summary>
    public SqlSlice Slice(int from, int length) => new(tokens, start + from, length);

    /// <summary>Without the parentheses around all of it.</summary>
    public SqlSlice WithoutParentheses()
    {
        SqlSlice inner = this;
        while (inner.Count > 2 && inner[0].IsSymbol("(") && inner.Closing(0) == inner.Count - 1)
            inner = inner[1..^1];
        return inner;
    }

    /// <summary>Where what opens at an index - a parenthesis, a bracket or CASE - closes; -1 if it does not.</summary>
    public int Closing(int opening)
    {
        int depth = 0;
        for (int i = opening; i < count; i++)
        {
            depth += Change(this[i]);
            if (depth == 0)
                return i;
        }
        return -1;
    }

    /// <summary>The parts between a keyword that is inside no parentheses.</summary>
    public IReadOnlyList<SqlSlice> Split(string keyword)
    {
        List<SqlSlice> parts = [];
        int from = 0;
        foreach (int i in TopLevel())
        {
            if (!this[i].IsWord(keyword))
                continue;
            parts.Add(this[from..i]);
            from = i + 1;
        }
        parts.Add(this[from..]);
        return parts;
    }

    /// <summary>Where the operator is, when just one is inside no parentheses.</summary>
    public int? Operator()
    {
        int? found = null;
        foreach (int i in TopLevel())
        {
            if (this[i].Kind != SqlTokenKind.Symbol || this[i].Text is "." or "::" or "," or "(" or ")" or "[" or "]")
                continue;
            if (found is not null)
                return null;
            found = i;
        }
        return found is > 0 && found < count - 1 ? found : null;
    }

    public bool StartsWith(string keyword) => count > 1 && this[0].IsWord(keyword);

    public bool EndsWith(params ReadOnlySpan<string> keywords)
    {
        if (count <= keywords.Length)
            return false;
        for (int i = 0; i < keywords.Length; i++)
        {
            if (!this[count - keywords.Length + i].IsWord(keywords[i]))
                return false;
        }
        return true;
    }

    /// <summary>The first value of ROW(a, b); all of it when it is no row.</summary>
    public SqlSlice FirstOfRow()
    {
        SqlSlice row = WithoutParentheses();
        if (!row.StartsWith("ROW") || !row[1].IsSymbol("(") || row.Closing(1) != row.Count - 1)
            return this;
        SqlSlice values = row[2..^1];
        foreach (int i in values.TopLevel())
        {
            if (values[i].IsSymbol(","))
                return values[..i];
        }
        return values;
    }

    /// <summary>All columns in it; <c>*</c> for a whole row.</summary>
    public IEnumerable<ColumnReference> References()
    {
        for (int i = 0; i + 2 < count; i++)
        {
            bool begins = i == 0 || !(this[i - 1].IsSymbol(".") || this[i - 1].IsSymbol("::"));
            bool called = i + 3 < count && this[i + 3].IsSymbol("(");
            if (begins && !called && this[i].IsName && this[i + 1].IsSymbol(".") && (this[i + 2].IsName || this[i + 2].IsSymbol("*")))
                yield return new ColumnReference(this[i].Text, this[i + 2].Text);
        }
    }

    private IEnumerable<int> TopLevel()
    {
        int depth = 0;
        for (int i = 0; i < count; i++)
        {
            int change = Change(this[i]);
            if (depth == 0 && change == 0)
                yield return i;
            depth += change;
        }
    }

    private static int Change(SqlToken token)
    {
        if (token.IsSymbol("(") || token.IsSymbol("[") || token.IsWord("CASE"))
            return 1;
        return token.IsSymbol(")") || token.IsSymbol("]") || token.IsWord("END") ? -1 : 0;
    }
}
