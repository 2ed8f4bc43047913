using TByte.Functions.LocalHost.Hosting;

namespace TByte.Functions.Api.Tests.Contract;

/// <summary>What is set wrong stops the start, says which setting it is, and keeps the password to itself.</summary>
public sealed class SettingsTests
{
    private const string Password = "S3cret-Passw0rd";
    private const string Database = "Host=127.0.0.1;Port=9;Database=shop;Username=shop;Password=" + Password;

    [Theory]
    [InlineData("Postgres:Primary", "")]
    [InlineData("Postgres:Primary", "Password=" + Password)]
    [InlineData("Postgres:Primary", Database + ";Nonsense=1")]
    [InlineData("Postgres:Primary", Database + ";Timeout=soon")]
    [InlineData("Postgres:Primary", "Host=a;Password=\"" + Password)]
    [InlineData("Postgres:Primary", Password)]
    [InlineData("Postgres:Replicas:0", "Password=" + Password)]
    [InlineData("Postgres:Replicas:0", Database + ";Nonsense=1")]
    [InlineData("Postgres:Replicas:0", "Host=a;Password=\"" + Password)]
    [InlineData("Postgres:Replicas:0", Password)]
    [InlineData("Postgres:MaxReplicaLag", "00:00:31")]
    [InlineData("Postgres:PrimaryReads", "-1")]
    [InlineData("Postgres:ProbeInterval", "00:00:00")]
    [InlineData("Postgres:ProbeTimeout", "00:01:00")]
    [InlineData("Postgres:AttemptTimeout", "00:00:00")]
    [InlineData("Postgres:HedgeShare", "0.2")]
    [InlineData("Postgres:HedgeShare", "NaN")]
    [InlineData("Postgres:MaxPoolSize", "0")]
    [InlineData("Postgres:MaxPoolSize", "many")]
    [InlineData("Postgres:MinPoolSize", "51")]
    [InlineData("Postgres:ReadBudget", "00:00:00")]
    [InlineData("Postgres:WriteBudget", "1.00:00:00")]
    [InlineData("Postgres:StatementTimeout", "-00:00:01")]
    [InlineData("Redis:Connection", "127.0.0.1:9,nonsense=1,password=" + Password)]
    [InlineData("Redis:Connection", "password=" + Password)]
    [InlineData("Redis:Connection", "127.0.0.1:9,connectTimeout=soon,password=" + Password)]
    [InlineData("Redis:Budget", "00:00:00.051")]
    [InlineData("Redis:FailuresToOpen", "0")]
    [InlineData("Cache:ProductLife", "00:00:00")]
    [InlineData("Cache:MemoryEntries", "1")]
    [InlineData("Cache:FailSafeLife", "30.00:00:00")]
    [InlineData("Cache:SoftTimeout", "00:00:02")]
    [InlineData("Cache:Jitter", "0.6")]
    [InlineData("Cache:Jitter", "NaN")]
    [InlineData("Cache:ReplayInterval", "00:00:05")]
    [InlineData("HeavyQueries:MaxRunning", "0")]
    [InlineData("HeavyQueries:MaxRunningUnderPressure", "11")]
    [InlineData("HeavyQueries:PressureAt", "1.1")]
    [InlineData("HeavyQueries:PressureAt", "NaN")]
    [InlineData("HeavyQueries:QueueLength", "-1")]
    [InlineData("HeavyQueries:QueueTimeout", "00:00:00")]
    [InlineData("HeavyQueries:QueryBudget", "00:00:30")]
    [InlineData("HeavyQueries:Attempts", "0")]
    [InlineData("HeavyQueries:FleetLimit", "0")]
    [InlineData("RateLimits:Ip:Permits", "0")]
    [InlineData("RateLimits:Ip:Window", "00:00:00")]
    [InlineData("RateLimits:Api:Permits", "many")]
    [InlineData("RateLimits:Api:Window", "2.00:00:00")]
    [InlineData("RateLimits:Api:Window", "00:00:01.500")]
    [InlineData("RateLimits:TrustedProxyHops", "-1")]
    [InlineData("RateLimits:MaxCallers", "1")]
    [InlineData("RateLimits:Exempt:0", "shop.example")]
    [InlineData("RateLimits:Exempt:0", "10.0.0.0/33")]
    [InlineData("Reports:Connection", "AccountName=shop;AccountKey=" + Password)]
    [InlineData("Reports:AccountUrl", "https://shop.blob.core.windows.net/?sig=" + Password)]
    [InlineData("Identity:ClientId", Password)]
    [InlineData("Identity:PrincipalId", Password)]
    [InlineData("Reports:Container", "A")]
    [InlineData("Reports:Retention", "00:00:00")]
    [InlineData("Reports:Timeout", "00:01:00")]
    public async Task Out_of_bounds_stops_the_start(string setting, string value)
    {
        Dictionary<string, string?> settings = new()
        {
            ["Postgres:Primary"] = Database,
            ["Redis:Connection"] = "127.0.0.1:9,password=" + Password,
            [setting] = value,
        };
        LocalFunctionAppOptions options = new() { Settings = settings, ReadEnvironment = false, RunTimers = false };

        Exception failure = await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            await using LocalFunctionApp app = await LocalFunctionApp.StartAsync(FunctionApps.Api, options,
                TestContext.Current.CancellationToken);
        });

        Assert.Contains(setting, failure.Message, StringComparison.Ordinal);
        // With its inner exceptions, as it would stand in the log.
        Assert.DoesNotContain(Password, failure.ToString(), StringComparison.Ordinal);
    }
}
