namespace TByte.Functions.Diagnosis.Indexes;

/// <summary>Takes SQL apart as PostgreSQL does; what is not closed ends with the text.</summary>
internal sealed class SqlTokenizer
{
    private const string OperatorCharacters = "+-*/<>=~!@#%^&|`?";

    private readonly string _sql;
    private int _at;

    private SqlTokenizer(string sql) => _sql = sql;

    /// <summary>All of it but comments and white space.</summary>
    public static List<SqlToken> Tokenize(string sql)
    {
        var tokenizer = new SqlTokenizer(sql);
        List<SqlToken> tokens = [];
        while (tokenizer.Next() is { } token)
            tokens.Add(token);
        return tokens;
    }

    private char Current => Ahead(0);

    private char Ahead(int count) => _at + count < _sql.Length ? _sql[_at + count] : '\0';

    private SqlToken? Next()
    {
        SkipSpace();
        if (_at >= _sql.Length)
            return null;

        int start = _at;
        char first = Current;
        if (first == '"')
            return new SqlToken(SqlTokenKind.QuotedName, Quoted('"', escapes: false));
        if (first == '\'')
            return new SqlToken(SqlTokenKind.Literal, Quoted('\'', escapes: false));
        if (first is 'e' or 'E' && Ahead(1) == '\'')
        {
            _at++;
            return new SqlToken(SqlTokenKind.Literal, Quoted('\'', escapes: true));
        }
        if (first == '$')
            return Dollar();
        if (IsNameStart(first))
            return Take(SqlTokenKind.Word, start, static c => IsNameStart(c) || char.IsAsciiDigit(c) || c == '$');
        if (char.IsAsciiDigit(first) || (first == '.' && char.IsAsciiDigit(Ahead(1))))
            return Take(SqlTokenKind.Number, start, static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_');
        if (OperatorCharacters.Contains(first, StringComparison.Ordinal))
            return Operator();

        _at += first == ':' && Ahead(1) == ':' ? 2 : 1;
        return new SqlToken(SqlTokenKind.Symbol, _sql[start.._at]);
    }

    private void SkipSpace()
    {
        while (_at < _sql.Length)
        {
            if (char.IsWhiteSpace(Current))
                _at++;
            else if (Current == '-' && Ahead(1) == '-')
                _at = _sql.IndexOf('\n', _at) is var end and >= 0 ? end + 1 : _sql.Length;
            else if (Current == '/' && Ahead(1) == '*')
                SkipComment();
            else
                return;
        }
    }

    private void SkipComment()
    {
        int depth = 0;
        do
        {
            (int step, int change) = (Current, Ahead(1)) switch
            {
                ('/', '*') => (2, 1),
                ('*', '/') => (2, -1),
                _ => (1, 0),
            };
            _at += step;
            depth += change;
        }
        while (depth > 0 && _at < _sql.Length);
    }

    private string Quoted(char quote, bool escapes)
    {
        int start = ++_at;
        bool doubled = false;
        while (_at < _sql.Length)
        {
            if (escapes && Current == '\\')
            {
                _at++;
            }
            else if (Current == quote)
            {
                if (Ahead(1) != quote)
                    break;
                doubled = true;
                _at++;
            }
            _at++;
        }
        string text = _sql[start..Math.Min(_at, _sql.Length)];
        _at++;
        return doubled ? text.Replace(new string(quote, 2), new string(quote, 1), StringComparison.Ordinal) : text;
    }

    // $1, or a text between two $tag$.
    private SqlToken Dollar()
    {
        int start = _at++;
        if (char.IsAsciiDigit(Current))
            return Take(SqlTokenKind.Parameter, start, char.IsAsciiDigit);

        while (IsNameStart(Current) || char.IsAsciiDigit(Current))
            _at++;
        if (Current != '$')
            return new SqlToken(SqlTokenKind.Symbol, _sql[start.._at]);

        string tag = _sql[start..++_at];
        int end = _sql.IndexOf(tag, _at, StringComparison.Ordinal);
        string text = end < 0 ? _sql[_at..] : _sql[_at..end];
        _at = end < 0 ? _sql.Length : end + tag.Length;
        return new SqlToken(SqlTokenKind.Literal, text);
    }

    private SqlToken Operator()
    {
        int start = _at;
        do
            _at++;
        while (OperatorCharacters.Contains(Current, StringComparison.Ordinal) && (Current, Ahead(1)) is not ('-', '-') and not ('/', '*'));
        return new SqlToken(SqlTokenKind.Symbol, _sql[start.._at]);
    }

    private SqlToken Take(SqlTokenKind kind, int start, Func<char, bool> belongs)
    {
        while (_at < _sql.Length && belongs(Current))
            _at++;
        return new SqlToken(kind, _sql[start.._at]);
    }

    private static bool IsNameStart(char c) => char.IsAsciiLetter(c) || c == '_' || c >= 128;
}
