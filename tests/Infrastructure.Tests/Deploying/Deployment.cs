using System.Text.Json;

namespace TByte.Functions.Infrastructure.Tests;

/// <summary>What would be deployed: the compiled template, and every resource with the values that are known before.</summary>
internal sealed class Deployment
{
    private readonly JsonElement _snapshot;

    public Deployment(string environment, string template, string snapshot)
    {
        Environment = environment;
        Template = Parse(template);
        _snapshot = Parse(snapshot);
        Text = snapshot;
        Resources = [.. _snapshot.GetProperty("predictedResources").EnumerateArray().Select(static resource => new Resource(resource))];
    }

    /// <summary>dev, staging or prod.</summary>
    public string Environment { get; }

    public bool IsProduction => Environment == "prod";

    public bool IsPrivate => Environment != "dev";

    /// <summary>As Bicep compiles it, with loops and dependencies.</summary>
    public JsonElement Template { get; }

    /// <summary>All of the snapshot.</summary>
    public string Text { get; }

    public IReadOnlyList<Resource> Resources { get; }

    public JsonElement Outputs => _snapshot.GetProperty("outputs");

    /// <summary>Of a type, which Azure writes in any case.</summary>
    public IReadOnlyList<Resource> Of(string type) => [.. Resources.Where(resource => resource.Type.Equals(type, StringComparison.OrdinalIgnoreCase))];

    /// <summary>The three apps; without slots.</summary>
    public IReadOnlyList<FunctionAppSite> Apps => [.. Of("Microsoft.Web/sites").Select(static site => new FunctionAppSite(site))];

    public IReadOnlyList<FunctionAppSite> Slots => [.. Of("Microsoft.Web/sites/slots").Select(static site => new FunctionAppSite(site))];

    public FunctionAppSite App(string part) => Apps.Single(app => app.Name.Contains($"-{part}-", StringComparison.Ordinal));

    public Resource Primary => Of("Microsoft.DBforPostgreSQL/flexibleServers").Single(static server => !server.Name.Contains("-replica-", StringComparison.Ordinal));

    public IReadOnlyList<Resource> Replicas =>
        [.. Of("Microsoft.DBforPostgreSQL/flexibleServers").Where(static server => server.Name.Contains("-replica-", StringComparison.Ordinal))];

    private static JsonElement Parse(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
