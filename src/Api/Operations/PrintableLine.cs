using System.Globalization;
using System.Linq;
using System.Text;

namespace TByte.Functions.Api.Operations;

/// <summary>Text that can stand in a log and in the breakers' store, both of which are read by the line.</summary>
internal static class PrintableLine
{
    /// <summary>Whether it has 1 to <paramref name="most"/> characters, none of which breaks the line, hides or turns the text.</summary>
    public static bool Is(string text, int most) =>
        text.Length <= most && text.EnumerateRunes().All(IsPrintable) && text.EnumerateRunes().Any(Rune.IsLetterOrDigit);

    private static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune)
        is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
