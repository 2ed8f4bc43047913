using System.Globalization;
using System.Text.Json;

namespace TByte.Functions.Infrastructure.Tests;

/// <summary>Who reaches what.</summary>
internal static class NetworkRules
{
    private static readonly Dictionary<string, (string Group, string Zone)> Private = new()
    {
        ["Microsoft.Storage/storageAccounts"] = ("blob", "privatelink.blob."),
        ["Microsoft.DBforPostgreSQL/flexibleServers"] = ("postgresqlServer", "privatelink.postgres.database.azure.com"),
        ["Microsoft.Cache/redisEnterprise"] = ("redisEnterprise", "privatelink.redis.azure.net"),
        ["Microsoft.Cache/redis"] = ("redisCache", "privatelink.redis.cache.windows.net"),
    };

    public static IEnumerable<string> Data_services_are_not_public(Deployment deployment) =>
        deployment.IsPrivate
            ? DataServices(deployment)
                .Where(static service => (service.TextAt("properties.publicNetworkAccess") ?? service.TextAt("properties.network.publicNetworkAccess")) != "Disabled")
                .Select(static service => $"{service} can be reached from outside.")
            : [];

    /// <summary>In development too: what is public lets in named addresses only.</summary>
    public static IEnumerable<string> Public_storage_lets_in_named_addresses_only(Deployment deployment) =>
        deployment.Of("Microsoft.Storage/storageAccounts")
            .Where(static account => account.TextAt("properties.networkAcls.defaultAction") != "Deny" || account.TextAt("properties.allowBlobPublicAccess") != "False")
            .Select(static account => $"{account} lets in anybody.");

    public static IEnumerable<string> Each_data_service_has_a_private_endpoint_and_a_name(Deployment deployment)
    {
        Resource[] endpoints = [.. deployment.Of("Microsoft.Network/privateEndpoints")];
        string[] zones = [.. deployment.Of("Microsoft.Network/privateDnsZones").Select(static zone => DeployedValue.Of(zone.Name))];
        string[] linked = [.. deployment.Of("Microsoft.Network/privateDnsZones/virtualNetworkLinks").Select(static link => DeployedValue.Of(link.Name).Split('/')[0])];
        foreach (Resource service in DataServices(deployment))
        {
            (string group, string zone) = Private[service.Type];
            Resource[] leading = [.. endpoints.Where(one => Connection(one).GetProperty("privateLinkServiceId").GetString() == service.Id)];
            if (leading is not [var endpoint] || Connection(endpoint).GetProperty("groupIds")[0].GetString() != group)
                yield return $"{service} has not one endpoint of group {group}.";
            else if (!deployment.Of("Microsoft.Network/privateEndpoints/privateDnsZoneGroups")
                .Any(dns => dns.Name == $"{endpoint.Name}/default" && dns.Body.GetRawText().Contains(zone, StringComparison.Ordinal)))
                yield return $"{endpoint} is not entered in {zone}.";
            if (!zones.Any(name => name.StartsWith(zone, StringComparison.Ordinal)) || !linked.Any(name => name.StartsWith(zone, StringComparison.Ordinal)))
                yield return $"{zone} is not known in the network.";
        }
    }

    public static IEnumerable<string> Apps_are_in_the_network(Deployment deployment) =>
        deployment.Apps.Concat(deployment.Slots)
            .Where(static site => site.Resource.TextAt("properties.virtualNetworkSubnetId")?.EndsWith("/subnets/apps", StringComparison.Ordinal) != true
                || site.Resource.TextAt("properties.outboundVnetRouting.allTraffic") != "True")
            .Select(static site => $"{site} does not go through the network.");

    public static IEnumerable<string> Apps_have_room_and_a_way_out(Deployment deployment)
    {
        JsonElement[] subnets = [.. deployment.Of("Microsoft.Network/virtualNetworks").Single().At("properties.subnets")!.Value.EnumerateArray()];
        JsonElement apps = subnets.Single(static subnet => subnet.GetProperty("name").GetString() == "apps").GetProperty("properties");
        int bits = int.Parse(apps.GetProperty("addressPrefix").GetString()!.Split('/')[1], CultureInfo.InvariantCulture);
        if (bits is < 24 or > 26)
            yield return $"A /{bits} for the apps.";
        if (!apps.TryGetProperty("delegations", out JsonElement delegations) || delegations[0].GetProperty("properties").GetProperty("serviceName").GetString() != "Microsoft.Web/serverFarms")
            yield return "The subnet of the apps is not delegated to them.";
        if (!apps.TryGetProperty("natGateway", out _))
            yield return "What the apps send out has no way.";
    }

    /// <summary>The API is for everybody; the apps that have timers only are for nobody, and no app's deployment site is.</summary>
    public static IEnumerable<string> Only_the_api_can_be_called(Deployment deployment)
    {
        foreach (FunctionAppSite site in deployment.Apps.Concat(deployment.Slots))
        {
            string expected = site.Name.Contains("-api-", StringComparison.Ordinal) ? "Allow" : "Deny";
            if (site.Resource.TextAt("properties.siteConfig.ipSecurityRestrictionsDefaultAction") != expected)
                yield return $"{site} should {expected}.";
            if (site.Resource.TextAt("properties.siteConfig.scmIpSecurityRestrictionsDefaultAction") != "Deny")
                yield return $"The deployment site of {site} can be called.";
        }
    }

    public static IEnumerable<string> Nothing_takes_an_old_tls(Deployment deployment)
    {
        foreach (Resource account in deployment.Of("Microsoft.Storage/storageAccounts")
            .Where(static account => account.TextAt("properties.minimumTlsVersion") != "TLS1_2" || account.TextAt("properties.supportsHttpsTrafficOnly") != "True"))
        {
            yield return $"{account} does.";
        }

        foreach (FunctionAppSite site in deployment.Apps.Concat(deployment.Slots)
            .Where(static site => site.Resource.TextAt("properties.siteConfig.minTlsVersion") is not ("1.2" or "1.3")
                || site.Resource.TextAt("properties.siteConfig.scmMinTlsVersion") is not ("1.2" or "1.3")
                || site.Resource.TextAt("properties.httpsOnly") != "True"
                || site.Resource.TextAt("properties.siteConfig.ftpsState") != "Disabled"))
        {
            yield return $"{site} does.";
        }

        if (!deployment.Of("Microsoft.DBforPostgreSQL/flexibleServers/configurations")
            .Any(static one => one.Name.EndsWith("/ssl_min_protocol_version", StringComparison.Ordinal) && one.TextAt("properties.value") is "TLSv1.2" or "TLSv1.3"))
        {
            yield return "The database does.";
        }

        foreach (FunctionAppSite site in deployment.Apps.Concat(deployment.Slots)
            .Where(static site => site.Settings.Any(static setting => setting.Value.StartsWith("Host=", StringComparison.Ordinal)
                && !setting.Value.EndsWith(";SSL Mode=VerifyFull", StringComparison.Ordinal))))
        {
            yield return $"{site} does not look at the certificate of the database.";
        }
    }

    private static IEnumerable<Resource> DataServices(Deployment deployment) => deployment.Resources.Where(static resource => Private.ContainsKey(resource.Type));

    private static JsonElement Connection(Resource endpoint) => endpoint.At("properties.privateLinkServiceConnections")!.Value[0].GetProperty("properties");
}
