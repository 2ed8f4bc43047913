using System.Globalization;

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

    public static IEnumerable<string> Connections_fit_the_servers(Deployment deployment) =>
        deployment.Replicas.Append(deployment.Primary)
            .Where(server => ConnectionsOf(deployment) > LimitOf(server))
            .Select(server => $"{ConnectionsOf(deployment)} connections to {server}, which takes {LimitOf(server)}.");

    /// <summary>All instances at their most, a slot's at their least after a swap, with one probe each.</summary>
    public static int ConnectionsOf(Deployment deployment)
    {
        // The diagnosis opens up to four connections of its own.
        const int Diagnosis = 4;
        return Pools(deployment.App("api"), "Postgres__MaxPoolSize")
            + deployment.Slots.Sum(static slot => Pools(slot, "Postgres__MinPoolSize"))
            + Pools(deployment.App("warmup"), "Postgres__MaxPoolSize")
            + Diagnosis;
    }

    /// <summary>What a server takes, less the 15 that the service keeps. learn.microsoft.com: limits of Azure Database for PostgreSQL flexible server.</summary>
    public static int LimitOf(Resource server) => server.TextAt("sku.name") switch
    {
        "Standard_B1ms" => 50,
        "Standard_B2s" => 429,
        "Standard_B2ms" or "Standard_D2ds_v5" => 859,
        "Standard_D4ds_v5" => 1_718,
        "Standard_D8ds_v5" => 3_437,
        "Standard_D16ds_v5" => 5_000,
        var size => throw new InvalidOperationException($"{size} is not known."),
    } - 15;

    private static int Pools(FunctionAppSite site, string setting) =>
        site.MaximumInstances!.Value * (int.Parse(site.Setting(setting), CultureInfo.InvariantCulture) + 1);
}
