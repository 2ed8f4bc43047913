using System.Text.RegularExpressions;

namespace TByte.Functions.Infrastructure.Tests.Monitoring.Alerts;

/// <summary>What is required of the alerts.</summary>
internal static partial class AlertRequirements
{
    private static readonly TimeSpan FinestOfRedis = TimeSpan.FromMinutes(5);

    /// <summary>The conditions, by the alerts' names.</summary>
    public static IReadOnlyDictionary<string, AlertCondition> Conditions { get; } = new Dictionary<string, AlertCondition>
    {
        ["latency-p95"] = new("P95", "GreaterThan", 500, "PT5M"),
        ["latency-p99"] = new("P99", "GreaterThan", 1000, "PT15M"),
        ["cache-hit-ratio"] = new("HitPercent", "LessThan", 80, "PT15M"),
        ["query-mean"] = new("MeanMs", "GreaterThan", 100, "PT10M"),
        ["breaker-open"] = new("OpenPercent", "GreaterThan", 1, "PT15M"),
        ["server-errors"] = new("FailedPercent", "GreaterThan", 0.5, "PT5M"),
        ["replica-lag"] = new("LagSeconds", "GreaterThan", 5, "PT5M"),
        [$"database-storage-{AlertParameters.Primary}"] = Storage,
        [$"database-storage-{AlertParameters.Replica}"] = Storage,
        [$"database-connections-{AlertParameters.Primary}"] = Connections,
        [$"database-connections-{AlertParameters.Replica}"] = Connections,
        [$"database-cpu-{AlertParameters.Primary}"] = Cpu,
        [$"database-cpu-{AlertParameters.Replica}"] = Cpu,
    };

    private static AlertCondition Storage => new("storage_percent", "GreaterThan", 80, "PT15M");

    private static AlertCondition Connections => new("active_connections", "GreaterThan", 0.8 * AlertParameters.ConnectionLimit, "PT5M");

    private static AlertCondition Cpu => new("cpu_percent", "GreaterThan", 80, "PT15M");

    /// <summary>What is wrong with the alerts; nothing, if they are as required.</summary>
    public static IReadOnlyList<string> Problems(IReadOnlyList<DeployedAlert> alerts) =>
    [
        .. Conditions.Keys.Except(alerts.Select(static alert => alert.Name)).Select(static name => $"{name}: is missing"),
        .. alerts.SelectMany(static alert => ProblemsOf(alert).Select(problem => $"{alert.Name}: {problem}")),
    ];

    private static IEnumerable<string> ProblemsOf(DeployedAlert alert)
    {
        AlertCondition? required = Conditions.GetValueOrDefault(alert.Name);
        if (alert.Condition != required)
            yield return $"fires at {alert.Condition}, not at {required}";
        if (!alert.Description.Contains("ook first", StringComparison.Ordinal) && !alert.Description.Contains(" first:", StringComparison.Ordinal))
            yield return "does not say what to look at first";
        if (!alert.Is("enabled") || !alert.Is("autoMitigate"))
            yield return "is not enabled, or does not end by itself";
        if (!alert.Told.Any() || alert.Told.Except(alert.Groups).Any())
            yield return "tells nobody";
        if (alert.Properties.GetProperty("severity").GetInt32() is not (1 or 2))
            yield return "is neither an outage (1) nor on the way to one (2)";
        if (alert.Frequency > alert.Window)
            yield return "does not look at all there is";

        string asked = alert.Query ?? alert.Measure;
        if (RedisCounter().IsMatch(asked) && (alert.Window < FinestOfRedis || alert.Frequency < FinestOfRedis))
            yield return "asks a counter of Redis more often than it is there";
        if (asked.Contains("physical_replication_delay_in_seconds", StringComparison.Ordinal))
            yield return "fires while an idle primary writes nothing";
        if (alert.Query is not null && !(int.TryParse(Floor().Match(alert.Query).Groups["count"].Value, out int floor) && floor >= 3))
            yield return "judges by one request";
    }

    [GeneratedRegex("cachehits|cachemisses")]
    private static partial Regex RedisCounter();

    [GeneratedRegex(@"\| where (Requests|Failed|Reads|Queries|Samples) >= (?<count>\d+)")]
    private static partial Regex Floor();
}
