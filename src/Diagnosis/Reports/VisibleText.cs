using System.Globalization;
using System.Text;

namespace TByte.Functions.Diagnosis.Reports;

/// <summary>
/// Makes text of others fit to be shown: statements and names come from whoever may use the database, and could steer a terminal, turn the
/// direction of what follows, or fill a page.
/// </summary>
internal static class VisibleText
{
    public const int MostOfStatement = 2_000;
    public const int MostOfSentence = 1_000;

    /// <summary>Lines and tabs are kept; other characters that are not seen stand there as <c>\u001b</c>.</summary>
    public static string Block(string text, int most) => Make(text, most, oneLine: false);

    /// <summary>All on one line, with single spaces.</summary>
    public static string Line(string text, int most) => Make(text, most, oneLine: true);

    /// <summary>The start of a line, with a mark where it is cut; never half a character.</summary>
    public static string Start(string line, int most) =>
        line.Length <= most ? line : line[..WholeCharacters(line, most - 1)] + "…";

    /// <summary>How many of the first characters can be taken without cutting one in half.</summary>
    public static int WholeCharacters(ReadOnlySpan<char> text, int length) =>
        length > 0 && char.IsHighSurrogate(text[length - 1]) ? length - 1 : length;

    private static string Make(string text, int most, bool oneLine)
    {
        var visible = new StringBuilder(Math.Min(text.Length, most) + 16);
        int taken = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (visible.Length + rune.Utf16SequenceLength > most)
                return visible.Append(CultureInfo.InvariantCulture, $" … ({text.Length - taken:N0} more characters)").ToString();
            taken += rune.Utf16SequenceLength;

            if (oneLine && Rune.IsWhiteSpace(rune))
                AppendSpace(visible);
            else if (rune.Value is '\n' or '\t' || IsSeen(rune))
                visible.Append(rune.ToString());
            else if (rune.Value != '\r')
                visible.Append(CultureInfo.InvariantCulture, $"\\u{rune.Value:x4}");
        }
        return oneLine ? visible.ToString().Trim() : visible.ToString();
    }

    private static void AppendSpace(StringBuilder visible)
    {
        if (visible.Length > 0 && visible[^1] != ' ')
            visible.Append(' ');
    }

    private static bool IsSeen(Rune rune) => Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
