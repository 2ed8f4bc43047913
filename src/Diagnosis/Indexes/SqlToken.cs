namespace TByte.Functions.Diagnosis.Indexes;

/// <summary>A piece of SQL.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Text">As written; a quoted name without its quotes.</param>
internal readonly record struct SqlToken(SqlTokenKind Kind, string Text)
{
    public bool IsName => Kind is SqlTokenKind.Word or SqlTokenKind.QuotedName;

    public bool IsWord(string word) => Kind == SqlTokenKind.Word && Text.Equals(word, StringComparison.OrdinalIgnoreCase);

    public bool IsSymbol(string symbol) => Kind == SqlTokenKind.Symbol && Text == symbol;
}

internal enum SqlTokenKind
{
    /// <summary>A name without quotes, or a keyword.</summary>
    Word,
    QuotedName,
    Literal,
    Number,
    Parameter,

    /// <summary>An operator, or punctuation.</summary>
    Symbol,
}
