namespace TByte.Functions.Infrastructure.Tests;

/// <summary>How the apps scale, and what that asks of the database.</summary>
internal static class ScaleRules
{
    /// <summary>What the incident's autoscaler asked for.</summary>
    public static IEnumerable<string> Production_scales_from_3_to_20(Deployment deployment)
    {
        if (!deployment.IsProduction)
            yield break;

        foreach (FunctionAppSite site in deployment.Slots.Append(deployment.App("api")))
        {
            if (site.MinimumInstances != 3 || site.MaximumInstances != 20)
                yield return $"{site} scales from {site.MinimumInstances} to {site.MaximumInstances}.";
        }

        foreach (Resource plan in deployment.Of("Microsoft.Web/serverfarms"))
        {
            if (plan.NumberAt("properties.maximumElasticWorkerCount") != 20 || plan.NumberAt("sku.capacity") != 3)
                yield return $"{plan} has {plan.NumberAt("sku.capacity")} to {plan.NumberAt("properties.maximumElasticWorkerCount")} instances.";
        }
    }

    /// <summary>On the plan it has no effect, and autoscale settings are for other plans.</summary>
    public static IEnumerable<string> Instances_that_always_run_are_set_on_the_site(Deployment deployment)
    {
        foreach (FunctionAppSite site in deployment.Apps.Concat(deployment.Slots))
        {
            if (site.MinimumInstances is null or < 1 || site.MaximumInstances is null || site.MaximumInstances < site.MinimumInstances)
                yield return $"{site} has from {site.MinimumInstances} to {site.MaximumInstances} instances.";
        }

        foreach (Resource plan in deployment.Of("Microsoft.Web/serverfarms"))
        {
            if (plan.At("properties.minimumElasticInstanceCount") is not null)
                yield return $"{plan} has a minimum that belongs on the site.";
            if (plan.TextAt("kind") != "elastic" || plan.TextAt("sku.tier") != "ElasticPremium" || plan.TextAt("properties.reserved") != "True")
                yield return $"{plan} is no Elastic Premium plan for Linux.";
            if (plan.NumberAt("properties.maximumElasticWorkerCount") is not { } most || deployment.Apps.Any(app => app.MaximumInstances > most))
                yield return $"{plan} has fewer instances than an app may have.";
        }

        foreach (Resource settings in deployment.Of("Microsoft.Insights/autoscaleSettings"))
            yield return $"{settings} does nothing on Elastic Premium.";
    }

    /// <summary>A timer runs on one instance at a time; a second one would have nothing to do.</summary>
    public static IEnumerable<string> Apps_with_timers_only_have_one_instance(Deployment deployment) =>
        deployment.Apps
            .Where(static app => !app.Name.Contains("-api-", StringComparison.Ordinal) && app.MaximumInstances != 1)
            .Select(static app => $"{app} scales to {app.MaximumInstances}.");

    /// <summary>A route that asks Redis or PostgreSQL would have healthy instances replaced because one of these is sick.</summary>
    public static IEnumerable<string> Health_check_asks_no_dependency(Deployment deployment) =>
        deployment.Apps.Concat(deployment.Slots)
            .Where(static site => site.Resource.TextAt("properties.siteConfig.healthCheckPath") is not (null or "/api/health/live"))
            .Select(static site => $"{site} is asked at {site.Resource.TextAt("properties.siteConfig.healthCheckPath")}.");

    /// <summary>A swap waits for the slot's instances only if it asks them.</summary>
    public static IEnumerable<string> A_swap_waits_for_live_instances(Deployment deployment) =>
        deployment.Slots
            .Where(static slot => slot.Setting("WEBSITE_SWAP_WARMUP_PING_PATH") != "/api/health/live" || slot.Setting("WEBSITE_SWAP_WARMUP_PING_STATUSES") != "200")
            .Select(static slot => $"{slot} is swapped before it answers.");

    /// <summary>All instances at their most, a slot's at their least after a swap, with one probe each: it must fit every server.</summary>
    public static IEnumerable<string> Connections_fit_the_servers(Deployment deployment)
    {
        // The diagnosis opens up to four connections of its own.
        const int Diagnosis = 4;
        int api = Pools(deployment.App("api"), "Postgres__MaxPoolSize")
            + deployment.Slots.Sum(static slot => Pools(slot, "Postgres__MinPoolSize"));
        int sum = api + Pools(deployment.App("warmup"), "Postgres__MaxPoolSize") + Diagnosis;

        // learn.microsoft.com: limits of Azure Database for PostgreSQL flexible server; 15 are kept for the service.
        return deployment.Replicas.Append(deployment.Primary)
            .Select(server => (server, Limit: ConnectionsOf(server.TextAt("sku.name")!) - 15))
            .Where(pair => sum > pair.Limit)
            .Select(pair => $"{sum} connections to {pair.server}, which takes {pair.Limit}.");
    }

    private static int Pools(FunctionAppSite site, string setting) =>
        site.MaximumInstances!.Value * (int.Parse(site.Setting(setting), System.Globalization.CultureInfo.InvariantCulture) + 1);

    private static int ConnectionsOf(string size) => size switch
    {
        "Standard_B1ms" => 50,
        "Standard_B2s" => 429,
        "Standard_B2ms" or "Standard_D2ds_v5" => 859,
        "Standard_D4ds_v5" => 1_718,
        "Standard_D8ds_v5" => 3_437,
        "Standard_D16ds_v5" => 5_000,
        _ => throw new ArgumentOutOfRangeException(nameof(size), size, "is not known"),
    };
}
