using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace TByte.Functions.Warming;

/// <summary>A time of day at which many readers come, written <c>18:00-20:00</c> or <c>Fri,Sat 22:00-02:00</c>.</summary>
/// <param name="Days">On which days it begins; every day when empty.</param>
/// <param name="Start">When it begins, by the shop's clock.</param>
/// <param name="Length">How long it lasts, up to a day; past midnight if it ends before it begins.</param>
public sealed record Peak(IReadOnlyList<DayOfWeek> Days, TimeOnly Start, TimeSpan Length)
{
    /// <summary>Reads a peak; days by their English names, whole or the first three letters.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out Peak? peak)
    {
        peak = null;
        string[] words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        List<DayOfWeek> days = [];
        if (words.Length is not (1 or 2) || (words.Length == 2 && !TryParseDays(words[0], days)))
            return false;
        if (words[^1].Split('-') is not [var start, var end] || !TryParseTime(start, out TimeOnly from) || !TryParseTime(end, out TimeOnly to))
            return false;

        TimeSpan length = to - from;
        peak = new Peak(days, from, length == TimeSpan.Zero ? TimeSpan.FromDays(1) : length);
        return true;
    }

    private static bool TryParseDays(string text, List<DayOfWeek> days)
    {
        foreach (string word in text.Split(','))
        {
            DayOfWeek[] named = [.. Enum.GetValues<DayOfWeek>().Where(day => IsNamed(day.ToString(), word))];
            if (named.Length != 1)
                return false;
            days.Add(named[0]);
        }

        return true;
    }

    private static bool IsNamed(string day, string word) =>
        word.Equals(day, StringComparison.OrdinalIgnoreCase) || word.Equals(day[..3], StringComparison.OrdinalIgnoreCase);

    private static bool TryParseTime(string text, out TimeOnly time) =>
        TimeOnly.TryParseExact(text, "H:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out time);
}
