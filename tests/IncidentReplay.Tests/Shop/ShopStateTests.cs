using Microsoft.Extensions.Configuration;
using TByte.Functions.Caching;
using TByte.Functions.IncidentReplay.Shop;
using TByte.Functions.Postgres;
using TByte.Functions.Resilience;
using TByte.Functions.Throttling;

namespace TByte.Functions.IncidentReplay.Tests.Shop;

public sealed class ShopStateTests
{
    // What says where things are, and that limits go by the address of the client behind the proxy.
    private static readonly string[] Wiring =
        ["AZURE_FUNCTIONS_ENVIRONMENT", "Authentication", "Logging", "Postgres:Primary", "Postgres:Replicas", "RateLimits:TrustedProxyHops", "Redis:Connection"];

    private static readonly ShopAddresses Addresses = new("Host=127.0.0.1", ["Host=127.0.0.1;Port=1", "Host=127.0.0.1;Port=2"], "127.0.0.1:6379");

    [Fact]
    public void As_shipped_sets_nothing_but_where_things_are() => Assert.All(
        ShopState.AsShipped.SettingsOn(Addresses).Keys,
        static name => Assert.Contains(Wiring, wiring => name.StartsWith(wiring, StringComparison.Ordinal)));

    [Fact]
    public void As_shipped_has_every_remedy_and_the_incident_none()
    {
        Assert.All(Enum.GetValues<Remedy>(), static remedy => Assert.True(ShopState.AsShipped.Has(remedy)));
        Assert.All(Enum.GetValues<Remedy>(), static remedy => Assert.False(ShopState.Incident.Has(remedy)));
        Assert.Contains("Postgres:Replicas:1", ShopState.AsShipped.SettingsOn(Addresses).Keys);
        Assert.DoesNotContain("Postgres:Replicas:0", ShopState.Incident.SettingsOn(Addresses).Keys);
    }

    [Fact]
    public void One_remedy_alone_and_all_without_it_make_a_whole() => Assert.All(Enum.GetValues<Remedy>(), static remedy =>
    {
        Assert.Equal([remedy], Enum.GetValues<Remedy>().Where(ShopState.Only(remedy).Has));
        Assert.Equal(Enum.GetValues<Remedy>().Except([remedy]), Enum.GetValues<Remedy>().Where(ShopState.AllBut(remedy).Has));
    });

    [Fact]
    public void Every_state_is_one_that_the_app_starts_with() => Assert.All(
        Enum.GetValues<Remedy>().SelectMany(static remedy => new[] { ShopState.Only(remedy), ShopState.AllBut(remedy) }).Append(ShopState.Incident),
        static state =>
        {
            IConfigurationRoot settings = new ConfigurationBuilder()
                .AddInMemoryCollection(state.SettingsOn(Addresses)).Build();
            Assert.Empty(Bound<CacheOptions>(settings, "Cache").Problems());
            Assert.Empty(Bound<PostgresOptions>(settings, "Postgres").Problems());
            Assert.Empty(Bound<BreakerOptions>(settings, "Breaker").Problems());
            Assert.Empty(Bound<RateLimitOptions>(settings, "RateLimits").Problems());
        });

    private static T Bound<T>(IConfigurationRoot settings, string section)
        where T : new() =>
        settings.GetSection(section).Get<T>() ?? new T();
}
