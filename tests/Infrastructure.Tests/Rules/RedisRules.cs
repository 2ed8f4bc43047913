namespace TByte.Functions.Infrastructure.Tests;

/// <summary>Redis, of either offering.</summary>
internal static class RedisRules
{
    private const string Managed = "Microsoft.Cache/redisEnterprise";
    private const string Classic = "Microsoft.Cache/redis";

    /// <summary>Azure Cache for Redis takes no new customers.</summary>
    public static IEnumerable<string> A_new_deployment_has_managed_redis(Deployment deployment)
    {
        if (deployment.Of(Managed).Count != 1)
            yield return "There is no Azure Managed Redis.";
        foreach (Resource cache in deployment.Of(Classic))
            yield return $"{cache} is an Azure Cache for Redis.";
    }

    public static IEnumerable<string> Keys_are_off(Deployment deployment) =>
    [
        .. deployment.Of($"{Managed}/databases")
            .Where(static database => database.TextAt("properties.accessKeysAuthentication") != "Disabled")
            .Select(static database => $"{database} takes a key."),
        .. deployment.Of(Classic)
            .Where(static cache => cache.TextAt("properties.disableAccessKeyAuthentication") != "True"
                || cache.TextAt("properties.redisConfiguration.aad-enabled") != "true")
            .Select(static cache => $"{cache} takes a key."),
    ];

    /// <summary>Breakers have no life, so a policy that takes what has one never takes a breaker.</summary>
    public static IEnumerable<string> Only_what_has_a_life_is_evicted(Deployment deployment) =>
    [
        .. deployment.Of($"{Managed}/databases")
            .Where(static database => database.TextAt("properties.evictionPolicy") is not ("VolatileLRU" or "VolatileLFU" or "VolatileTTL"))
            .Select(static database => $"{database} evicts by {database.TextAt("properties.evictionPolicy")}."),
        .. deployment.Of(Classic)
            .Where(static cache => cache.TextAt("properties.redisConfiguration.maxmemory-policy") is not ("volatile-lru" or "volatile-lfu" or "volatile-ttl"))
            .Select(static cache => $"{cache} evicts by {cache.TextAt("properties.redisConfiguration.maxmemory-policy")}."),
    ];

    public static IEnumerable<string> Connections_are_encrypted(Deployment deployment)
    {
        foreach (Resource cluster in deployment.Of(Managed).Where(static cluster => cluster.TextAt("properties.minimumTlsVersion") != "1.2"))
            yield return $"{cluster} takes TLS {cluster.TextAt("properties.minimumTlsVersion")}.";
        foreach (Resource database in deployment.Of($"{Managed}/databases").Where(static database => database.TextAt("properties.clientProtocol") != "Encrypted"))
            yield return $"{database} takes plain connections.";
        foreach (Resource cache in deployment.Of(Classic)
            .Where(static cache => cache.TextAt("properties.minimumTlsVersion") != "1.2" || cache.TextAt("properties.enableNonSslPort") != "False"))
        {
            yield return $"{cache} takes plain connections.";
        }

        foreach (FunctionAppSite site in deployment.Apps.Concat(deployment.Slots)
            .Where(static site => !site.Setting("Redis__Connection").Contains(",ssl=true", StringComparison.Ordinal)))
        {
            yield return $"{site} connects without TLS.";
        }
    }

    /// <summary>In production a node may be lost without the cache.</summary>
    public static IEnumerable<string> Production_has_two_nodes(Deployment deployment) =>
        deployment.Of(Managed)
            .Where(cluster => deployment.IsProduction && cluster.TextAt("properties.highAvailability") != "Enabled")
            .Select(static cluster => $"{cluster} has one.");

    public static IEnumerable<string> Every_app_may_sign_in(Deployment deployment)
    {
        Resource[] access = [.. deployment.Of($"{Managed}/databases/accessPolicyAssignments").Concat(deployment.Of($"{Classic}/accessPolicyAssignments"))];
        foreach (string app in (string[])["api", "warmup", "maintenance"])
        {
            if (access.Count(one => one.Body.GetRawText().Contains($"/id-shop-{app}-", StringComparison.Ordinal)) != 1)
                yield return $"{app} has not one policy.";
        }

        if (access.Length != 3)
            yield return $"{access.Length} policies.";
    }
}
