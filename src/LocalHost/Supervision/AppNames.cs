using System.Globalization;

namespace TByte.Functions.LocalHost.Supervision;

/// <summary>How the running apps are called, in the log and in messages.</summary>
internal static class AppNames
{
    public const string Warmup = "warmup";
    public const string Maintenance = "maintenance";

    public static string Api(int index, int instances) =>
        instances == 1 ? "api" : string.Create(CultureInfo.InvariantCulture, $"api-{index + 1}");
}
