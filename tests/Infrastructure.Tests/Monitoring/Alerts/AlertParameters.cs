namespace TByte.Functions.Infrastructure.Tests.Monitoring.Alerts;

/// <summary>A primary with one replica.</summary>
internal static class AlertParameters
{
    public const string Prefix = "shop";
    public const string Primary = "shop-pg";
    public const string Replica = "shop-pg-replica-1";
    public const int ConnectionLimit = 1000;

    public static string Text { get; } = With($"['{Resource("Microsoft.DBforPostgreSQL/flexibleServers", Replica)}']");

    public static string WithoutReplicas { get; } = With("[]");

    private static string With(string replicas) =>
        $"""
        param namePrefix = '{Prefix}'
        param workspaceId = '{EvaluatedMonitoring.Workspace}'
        param componentId = '{Resource("Microsoft.Insights/components", "shop-insights")}'
        param primaryId = '{Resource("Microsoft.DBforPostgreSQL/flexibleServers", Primary)}'
        param replicaIds = {replicas}
        param connectionLimit = {ConnectionLimit}
        param alertEmails = ['operations@example.com']
        """;

    private static string Resource(string type, string name) =>
        $"/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/shop/providers/{type}/{name}";
}
