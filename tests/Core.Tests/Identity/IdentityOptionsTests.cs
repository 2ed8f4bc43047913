using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using TByte.Functions.Identity;
using TByte.Functions.Postgres;

namespace TByte.Functions.Core.Tests.Identity;

public sealed class IdentityOptionsTests
{
    private const string Secret = "S3cret-Passw0rd";
    private const string Id = "7d1a33bb-7a90-4b0f-9d5e-1e6c3a1f4c11";
    private const string Verified = "Host=db.postgres.database.azure.com;Username=shop;SSL Mode=VerifyFull";

    public static TheoryData<string, IdentityOptions> Wrong { get; } = new()
    {
        { "ClientId", new() { ClientId = Secret } },
        { "ClientId", new() { ClientId = $"{{{Id}}}" } },
        { "PrincipalId", new() { ClientId = Id, PrincipalId = Secret } },
    };

    /// <summary>Setting that is named, PostgreSQL, Redis, object id.</summary>
    public static TheoryData<string, string, string, string> Refused { get; } = new()
    {
        { "Postgres:Primary", "Host=db.example", "", Id },
        { "Postgres:Primary", "Host=db.example;SSL Mode=Prefer", "", Id },
        { "Postgres:Primary", "Host=db.example;SSL Mode=Require", "", Id },
        { "Postgres:Primary", "Host=127.0.0.1,db.example", "", Id },
        { "Postgres:Primary", "Host=localhost.example", "", Id },
        { "Redis:Connection", Verified, "cache.example:6379", Id },
        { "Redis:Connection", Verified, "cache.example:6379,user=shop", Id },
        { "Redis:Connection", Verified, "127.0.0.1:6379,cache.example:6379", Id },
        { "Redis:Connection", Verified, "shop.northeurope.redis.azure.net:10000,ssl=false", Id },
        { "Identity:PrincipalId", Verified, "cache.example:6380,ssl=true", "" },
    };

    /// <summary>PostgreSQL, Redis, object id.</summary>
    public static TheoryData<string, string, string> Sound { get; } = new()
    {
        { Verified, "cache.example:6380,ssl=true", Id },
        { Verified, "shop.northeurope.redis.azure.net:10000", Id },
        { Verified, "cache.example:6380,ssl=true,user=shop", "" },
        { "Host=db.example;SSL Mode=VerifyCA", "", "" },
        { "Host=127.0.0.1", "127.0.0.1:6379", Id },
        { "Host=localhost:5432,[::1]", "localhost:6379", Id },
        { "Host=/var/run/postgresql", "", Id },
        // With a password no token is sent.
        { $"Host=db.example;Password={Secret}", $"cache.example:6379,password={Secret}", "" },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_is_set_wrong_is_named_and_not_repeated(string setting, IdentityOptions options)
    {
        string problem = Assert.Single(options.Problems());

        Assert.Contains($"Identity:{setting}", problem, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void It_may_be_left_out()
    {
        Assert.Empty(new IdentityOptions().Problems());
        Assert.Empty(Problems("Host=db.example", "cache.example:6379", clientId: "", principalId: ""));
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void No_token_goes_over_a_connection_that_is_not_verified(string setting, string postgres, string redis, string principalId)
    {
        string problem = Assert.Single(Problems(postgres, redis, Id, principalId));

        Assert.StartsWith(setting, problem, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Sound))]
    public void What_is_verified_or_stays_on_the_machine_or_needs_no_token_is_sound(string postgres, string redis, string principalId) =>
        Assert.Empty(Problems(postgres, redis, Id, principalId));

    /// <summary>What stops the start.</summary>
    private static string[] Problems(string postgres, string redis, string clientId, string principalId)
    {
        ServiceCollection services = new();
        services.AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Postgres:Primary"] = postgres,
            ["Redis:Connection"] = redis,
            ["Identity:ClientId"] = clientId,
            ["Identity:PrincipalId"] = principalId,
        }).Build());
        services.AddShopDatabase();
        using ServiceProvider provider = services.BuildServiceProvider();
        try
        {
            provider.GetRequiredService<IStartupValidator>().Validate();
            return [];
        }
        catch (OptionsValidationException refused)
        {
            return [.. refused.Failures];
        }
    }
}
