using System.Text.RegularExpressions;

namespace TByte.Functions.Infrastructure.Tests;

/// <summary>What each identity may do.</summary>
internal static partial class RoleRules
{
    private static readonly Dictionary<string, string> Names = new()
    {
        ["b7e6dc6d-f1e8-4753-8033-0f276bb0955b"] = "Storage Blob Data Owner",
        ["ba92f5b4-2d11-453d-a403-e96b0029c9fe"] = "Storage Blob Data Contributor",
        ["2a2b9908-6ea1-4ae2-8e65-a410df84e7d1"] = "Storage Blob Data Reader",
        ["3913510d-42f4-4e42-8a64-420c390055eb"] = "Monitoring Metrics Publisher",
    };

    /// <summary>Exactly these, as docs/deploy.md lists them.</summary>
    public static IReadOnlyList<string> Expected { get; } =
    [
        "api: Monitoring Metrics Publisher on the telemetry",
        "api: Storage Blob Data Owner on the host's account",
        "api: Storage Blob Data Reader on container diagnosis",
        "api: Storage Blob Data Reader on container packages",
        "deployer: Storage Blob Data Contributor on container packages",
        "maintenance: Monitoring Metrics Publisher on the telemetry",
        "maintenance: Storage Blob Data Contributor on container diagnosis",
        "maintenance: Storage Blob Data Owner on the host's account",
        "maintenance: Storage Blob Data Reader on container packages",
        "warmup: Monitoring Metrics Publisher on the telemetry",
        "warmup: Storage Blob Data Owner on the host's account",
        "warmup: Storage Blob Data Reader on container packages",
    ];

    public static IEnumerable<string> Roles_are_exactly_those_listed(Deployment deployment)
    {
        string[] roles = [.. deployment.Of("Microsoft.Authorization/roleAssignments").Select(Describe)];
        return
        [
            .. roles.Except(Expected).Select(static role => $"{role} is too much."),
            .. Expected.Except(roles).Select(static role => $"{role} is missing."),
            .. roles.Length == Expected.Count ? Array.Empty<string>() : [$"{roles.Length} assignments."],
        ];
    }

    private static string Describe(Resource assignment)
    {
        string principal = assignment.TextAt("properties.principalId")!;
        string who = principal == DeploymentVariables.DeployerId ? "deployer" : AppIdentity().Match(principal).Groups[1].Value;
        string role = assignment.TextAt("properties.roleDefinitionId")!.Split('/')[^1];
        return $"{who}: {Names.GetValueOrDefault(role, role)} on {Scope(assignment.Id)}";
    }

    private static string Scope(string id)
    {
        string scope = id[..id.IndexOf("/providers/Microsoft.Authorization/", StringComparison.Ordinal)];
        string name = scope.Split('/')[^1];
        return scope switch
        {
            _ when scope.Contains("/containers/", StringComparison.Ordinal) => $"container {name}",
            _ when scope.Contains("/storageAccounts/sthost", StringComparison.Ordinal) => "the host's account",
            _ when scope.Contains("/components/", StringComparison.Ordinal) => "the telemetry",
            _ => scope,
        };
    }

    [GeneratedRegex("/id-shop-([a-z]+)-")]
    private static partial Regex AppIdentity();
}
