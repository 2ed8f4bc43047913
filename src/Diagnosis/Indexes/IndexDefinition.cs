namespace TByte.Functions.Diagnosis.Indexes;

/// <summary>Compares parts of CREATE INDEX statements.</summary>
internal static class IndexDefinition
{
    /// <summary>Whether both say the same, but for upper case, white space, and parentheses around all of it.</summary>
    public static bool AreSame(string one, string other) => Tokens(one).SequenceEqual(Tokens(other));

    private static IEnumerable<SqlToken> Tokens(string definition)
    {
        SqlSlice slice = new SqlSlice(SqlTokenizer.Tokenize(definition)).WithoutParentheses();
        for (int i = 0; i < slice.Count; i++)
        {
            SqlToken token = slice[i];
            yield return token.Kind == SqlTokenKind.Word ? token with { Text = token.Text.ToLowerInvariant() } : token;
        }
    }
}
