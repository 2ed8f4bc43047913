namespace TByte.Functions.Diagnosis.Indexes;

/// <summary>Finds which columns a statement updates.</summary>
internal static class UpdatedColumns
{
    /// <summary>The names on the left side of every SET, also of ON CONFLICT DO UPDATE.</summary>
    public static IReadOnlySet<string> Of(string statement)
    {
        List<SqlToken> tokens = SqlTokenizer.Tokenize(statement);
        HashSet<string> columns = [];
        bool updates = false;
        for (int i = 0; i < tokens.Count; i++)
        {
            updates |= tokens[i].IsWord("UPDATE");
            if (!updates || !tokens[i].IsWord("SET"))
                continue;
            i = Assignments(tokens, i + 1, columns);
            updates = false;
        }
        return columns;
    }

    // Returns where the list ends.
    private static int Assignments(List<SqlToken> tokens, int i, HashSet<string> columns)
    {
        int depth = 0;
        bool isTarget = true;
        for (; i < tokens.Count; i++)
        {
            SqlToken token = tokens[i];
            if (depth == 0 && (token.IsSymbol(")") || token.IsWord("FROM") || token.IsWord("WHERE") || token.IsWord("RETURNING")))
                break;
            if (isTarget && token.IsName)
                columns.Add(token.Kind == SqlTokenKind.QuotedName ? token.Text : token.Text.ToLowerInvariant());

            depth += token.IsSymbol("(") ? 1 : token.IsSymbol(")") ? -1 : 0;
            isTarget = token.IsSymbol("=") && depth == 0 ? false : isTarget || (depth == 0 && token.IsSymbol(","));
        }
        return i;
    }
}
