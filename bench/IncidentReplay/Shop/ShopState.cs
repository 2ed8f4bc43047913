using TByte.Functions.Testing;

namespace TByte.Functions.IncidentReplay.Shop;

/// <summary>Where things are.</summary>
/// <param name="Primary">For Npgsql.</param>
/// <param name="Replicas">Likewise.</param>
/// <param name="Redis">For StackExchange.Redis.</param>
internal sealed record ShopAddresses(string Primary, IReadOnlyList<string> Replicas, string Redis);

/// <summary>Which remedies are in force: none is the incident's state, all are the product as shipped.</summary>
internal sealed class ShopState
{
    private readonly HashSet<Remedy> _remedies;

    private ShopState(IEnumerable<Remedy> remedies) => _remedies = [.. remedies];

    public static ShopState Incident { get; } = new([]);

    public static ShopState AsShipped { get; } = new(Enum.GetValues<Remedy>());

    public static ShopState Only(Remedy remedy) => new([remedy]);

    public static ShopState AllBut(Remedy remedy) => new(Enum.GetValues<Remedy>().Where(other => other != remedy));

    public bool Has(Remedy remedy) => _remedies.Contains(remedy);

    /// <summary>The settings of an app. A remedy that is in force sets nothing: its settings are the defaults.</summary>
    public IReadOnlyDictionary<string, string?> SettingsOn(ShopAddresses addresses)
    {
        Dictionary<string, string?> settings = new(TestToken.Settings)
        {
            ["Postgres:Primary"] = addresses.Primary,
            ["Redis:Connection"] = addresses.Redis,
            ["RateLimits:TrustedProxyHops"] = "1",
            ["AZURE_FUNCTIONS_ENVIRONMENT"] = "Production",
            ["Logging:LogLevel:Default"] = "None",
        };
        Set(settings, Remedy.Cache, NoCache);
        Set(settings, Remedy.Pool, DefaultPool);
        Set(settings, Remedy.Breaker, [("Breaker:Shadow", "true")]);
        Set(settings, Remedy.Limits, [("RateLimits:Enabled", "false")]);
        if (!Has(Remedy.Cache))
            settings["Cache:SoftTimeout"] = settings.GetValueOrDefault("Cache:HardTimeout", "00:00:00.850");
        if (Has(Remedy.Replicas))
        {
            foreach ((int number, string replica) in addresses.Replicas.Index())
                settings[$"Postgres:Replicas:{number}"] = replica;
        }

        return settings;
    }

    // The shortest that can be set: by the time that the next reader comes it is over.
    private static readonly (string, string)[] NoCache =
    [
        .. new[] { "ProductLife", "WarmedLife", "OrderLife", "OrderListLife", "ProductPageLife", "NegativeLife", "MemoryLife" }
            .Select(static life => ($"Cache:{life}", "00:00:00.010")),
        ("Cache:FailSafeLife", "00:00:01"),
        ("Cache:RefreshAfter", "1"),
        ("Cache:LeaseLife", "00:00:00.100"),
    ];

    // What Npgsql does when nothing is set is 100 connections and 15 s for one. A read gives up after 2 s, and its statement goes on for 5 s.
    private static readonly (string, string)[] DefaultPool =
    [
        ("Postgres:MinPoolSize", "0"),
        ("Postgres:MaxPoolSize", "100"),
        ("Postgres:IdleLifetime", "00:05:00"),
        ("Postgres:ConnectTimeout", "00:00:15"),
        ("Postgres:ReadBudget", "00:00:02"),
        ("Postgres:StatementTimeout", "00:00:05"),
        ("Cache:HardTimeout", "00:00:03"),
    ];

    private void Set(Dictionary<string, string?> settings, Remedy remedy, IEnumerable<(string Name, string Value)> without)
    {
        if (Has(remedy))
            return;
        foreach ((string name, string value) in without)
            settings[name] = value;
    }
}
