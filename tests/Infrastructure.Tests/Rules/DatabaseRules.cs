namespace TByte.Functions.Infrastructure.Tests;

/// <summary>The servers of the database.</summary>
internal static class DatabaseRules
{
    private const string Servers = "Microsoft.DBforPostgreSQL/flexibleServers";

    private static readonly string[] Extensions = ["hypopg", "pg_stat_statements"];

    public static IEnumerable<string> Production_has_a_standby_and_two_replicas(Deployment deployment)
    {
        int replicas = deployment.Environment switch { "prod" => 2, "staging" => 1, _ => 0 };
        if (deployment.Replicas.Count != replicas)
            yield return $"{deployment.Replicas.Count} replicas.";
        if (deployment.Primary.TextAt("properties.version") is not ("17" or "18"))
            yield return $"PostgreSQL {deployment.Primary.TextAt("properties.version")}.";
        if (!deployment.IsProduction)
            yield break;

        if (deployment.Primary.TextAt("properties.highAvailability.mode") != "ZoneRedundant")
            yield return "No standby in another zone.";
        if (deployment.Primary.TextAt("sku.tier") != "GeneralPurpose")
            yield return $"{deployment.Primary.TextAt("sku.tier")}.";
    }

    public static IEnumerable<string> Burstable_servers_have_neither_replicas_nor_a_standby(Deployment deployment) =>
        deployment.Primary.TextAt("sku.tier") == "Burstable"
        && (deployment.Replicas.Count > 0 || deployment.Primary.TextAt("properties.highAvailability.mode") is not (null or "Disabled"))
            ? [$"{deployment.Primary} is burstable."]
            : [];

    public static IEnumerable<string> Tiers_are_those_of_the_sizes(Deployment deployment) =>
        deployment.Of(Servers)
            .Where(static server => (server.TextAt("sku.tier") == "Burstable") != server.TextAt("sku.name")!.StartsWith("Standard_B", StringComparison.Ordinal))
            .Select(static server => $"{server}: {server.TextAt("sku.name")} is not {server.TextAt("sku.tier")}.");

    public static IEnumerable<string> Replicas_have_no_standby_and_no_backups(Deployment deployment) =>
        deployment.Replicas
            .Where(static replica => replica.At("properties.highAvailability") is not null || replica.At("properties.backup") is not null)
            .Select(static replica => $"{replica} has what belongs to the primary.");

    public static IEnumerable<string> Replicas_are_as_large_as_the_primary(Deployment deployment) =>
        deployment.Replicas
            .Where(replica => replica.TextAt("sku.name") != deployment.Primary.TextAt("sku.name")
                || replica.NumberAt("properties.storage.storageSizeGB") != deployment.Primary.NumberAt("properties.storage.storageSizeGB"))
            .Select(static replica => $"{replica}: {replica.TextAt("sku.name")}, {replica.TextAt("properties.storage.storageSizeGB")} GiB.");

    /// <summary>A replica that is told again to become one is refused.</summary>
    public static IEnumerable<string> Replicas_are_made_once(Deployment deployment)
    {
        // The deployments that have a release are those in which the replicas are there.
        bool isMade = deployment.App("api").Settings.ContainsKey("WEBSITE_RUN_FROM_PACKAGE");
        return deployment.Replicas
            .Where(replica => isMade
                ? replica.At("properties.createMode") is not null || replica.At("properties.sourceServerResourceId") is not null
                : replica.TextAt("properties.createMode") != "Replica" || replica.TextAt("properties.sourceServerResourceId") != deployment.Primary.Id)
            .Select(replica => isMade ? $"{replica} is made again." : $"{replica} is not made of the primary.");
    }

    /// <summary>The service counts none unless it is told to, and Query Store would count them a second time.</summary>
    public static IEnumerable<string> Statements_are_counted_once_on_every_server(Deployment deployment)
    {
        foreach (Resource server in deployment.Of(Servers))
        {
            if (Configuration(deployment, server, "pg_stat_statements.track") != "top")
                yield return $"{server} counts no statements.";
            if (Configuration(deployment, server, "pg_qs.query_capture_mode") != "none")
                yield return $"{server} has Query Store as well.";
        }

        string[] extensions = Configuration(deployment, deployment.Primary, "azure.extensions")?.Split(',') ?? [];
        foreach (string missing in Extensions.Except(extensions))
            yield return $"{missing} may not be created.";
    }

    public static IEnumerable<string> Sign_in_is_by_entra_only(Deployment deployment) =>
        deployment.Of(Servers)
            .Where(static server => server.TextAt("properties.authConfig.passwordAuth") != "Disabled"
                || server.TextAt("properties.authConfig.activeDirectoryAuth") != "Enabled"
                || server.At("properties.administratorLogin") is not null)
            .Select(static server => $"{server} takes passwords.");

    /// <summary>The service's reader endpoint leads to one replica and does not balance.</summary>
    public static IEnumerable<string> Each_replica_is_read_by_its_own_name(Deployment deployment)
    {
        foreach (Resource endpoint in deployment.Of($"{Servers}/virtualendpoints"))
            yield return $"{endpoint} balances nothing.";

        foreach (FunctionAppSite site in deployment.Apps.Concat(deployment.Slots))
        {
            string[] hosts = [.. site.Settings.Where(static setting => setting.Key.StartsWith("Postgres__Replicas__", StringComparison.Ordinal)).Select(static setting => Host(setting.Value)).Order()];
            if (!hosts.SequenceEqual(deployment.Replicas.Select(static replica => $"{replica.Name}.example").Order()))
                yield return $"{site} reads {string.Join(", ", hosts)}.";
            if (Host(site.Setting("Postgres__Primary")) != $"{deployment.Primary.Name}.example")
                yield return $"{site} writes to {Host(site.Setting("Postgres__Primary"))}.";
        }
    }

    /// <summary>Locks and limits belong to a connection: through PgBouncer's port, 6432, they would be another caller's.</summary>
    public static IEnumerable<string> Servers_are_reached_directly(Deployment deployment) =>
        deployment.Apps.Concat(deployment.Slots)
            .SelectMany(static site => site.Settings)
            .Where(static setting => setting.Key.StartsWith("Postgres__", StringComparison.Ordinal) && setting.Value.Contains("Host=", StringComparison.Ordinal)
                && !setting.Value.Contains(";Port=5432;", StringComparison.Ordinal))
            .Select(static setting => $"{setting.Key} is {setting.Value}.");

    /// <summary>A server that is being changed refuses the next change as busy.</summary>
    public static IEnumerable<string> What_belongs_to_a_server_is_made_one_after_the_other(Deployment deployment) =>
        [.. CompiledTemplate.WithModules(deployment.Template).SelectMany(Unordered)];

    private static IEnumerable<string> Unordered(CompiledTemplate template)
    {
        string[] children = [.. template.Resources
            .Where(static resource => resource.Value.GetProperty("type").GetString()!.StartsWith($"{Servers}/", StringComparison.Ordinal))
            .Select(static resource => resource.Key)];
        foreach (string child in children.Concat(template.ModulesThatMake(Servers)).Where(template.IsParallelLoop))
            yield return $"{child} are made at once.";
        foreach ((string first, string second) in children.SelectMany((first, i) => children.Skip(i + 1).Select(second => (first, second))))
        {
            if (!template.Waits(first, second) && !template.Waits(second, first))
                yield return $"{first} and {second} are made at once.";
        }
    }

    private static string? Configuration(Deployment deployment, Resource server, string name) =>
        deployment.Of($"{Servers}/configurations").SingleOrDefault(one => one.Name == $"{server.Name}/{name}")?.TextAt("properties.value");

    private static string Host(string connection) => new Npgsql.NpgsqlConnectionStringBuilder(connection).Host!;
}
