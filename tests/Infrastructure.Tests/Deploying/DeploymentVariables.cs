namespace TByte.Functions.Infrastructure.Tests;

/// <summary>What whoever deploys says of themselves: the environment variables that the parameter files read, with made-up values.</summary>
internal static class DeploymentVariables
{
    public const string DeployerId = "11111111-1111-1111-1111-111111111111";

    /// <summary>The same as in <c>./dev infra</c>; empty ones keep those of the machine out.</summary>
    public static IReadOnlyList<(string Name, string Value)> All { get; } =
    [
        ("TBYTE_DEPLOYER_ID", DeployerId),
        ("TBYTE_DEPLOYER_NAME", "shop-deployers"),
        ("TBYTE_DEPLOYER_TYPE", "Group"),
        ("TBYTE_TOKEN_AUDIENCE", "api://shop"),
        ("TBYTE_ALERT_EMAIL", "operations@example.com"),
        ("TBYTE_ALLOWED_ADDRESSES", ""),
        ("TBYTE_RELEASE", ""),
        ("TBYTE_REPLICAS_MADE", "0"),
    ];
}
