using System.Globalization;

namespace TByte.Functions.Diagnosis.Reports.Html;

/// <summary>A number as SVG reads it.</summary>
internal static class Coordinate
{
    public static string Of(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
