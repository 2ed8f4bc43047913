using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace TByte.Functions.WarmStart;

/// <summary>The command line.</summary>
/// <param name="Data">The sales, a CSV or gzip.</param>
/// <param name="Points">At how many points of the trace everything is restarted.</param>
/// <param name="Picture">Where the curves are drawn, as SVG; null for nowhere.</param>
internal sealed record Arguments(string Data, int Points, string? Picture)
{
    public const string Usage =
        "--data FILE [--points N] [--picture FILE.svg]   FILE: the Online Retail set, CSV or .gz; N: 1 to 500, 36 if not given";

    private const int DefaultPoints = 36;
    private const int MostPoints = 500;

    public static bool TryRead(IReadOnlyList<string> args, [NotNullWhen(true)] out Arguments? arguments)
    {
        arguments = null;
        string? data = null;
        string? picture = null;
        int points = DefaultPoints;
        for (int i = 0; i < args.Count; i += 2)
        {
            if (i + 1 == args.Count)
                return false;
            switch (args[i])
            {
                case "--data":
                    data = args[i + 1];
                    break;
                case "--picture":
                    picture = args[i + 1];
                    break;
                case "--points" when int.TryParse(args[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out points)
                    && points is >= 1 and <= MostPoints:
                    break;
                default:
                    return false;
            }
        }

        if (data is null)
            return false;
        arguments = new Arguments(data, points, picture);
        return true;
    }
}
