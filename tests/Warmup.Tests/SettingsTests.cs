using TByte.Functions.LocalHost.Hosting;

namespace TByte.Functions.Warmup.Tests;

/// <summary>What is set wrong stops the start and says which setting it is.</summary>
public sealed class SettingsTests
{
    [Theory]
    [InlineData("Warmup:Products", "0")]
    [InlineData("Warmup:Products", "10001")]
    [InlineData("Warmup:Popularity", "Yesterday")]
    [InlineData("Warmup:MinViews", "-1")]
    [InlineData("Warmup:LeftAtLeast", "-00:00:01")]
    [InlineData("Warmup:Rate", "0")]
    [InlineData("Warmup:Rate", "NaN")]
    [InlineData("Warmup:PeakProducts", "0")]
    [InlineData("Warmup:PeakLead", "00:30:00")]
    [InlineData("Warmup:TimeZone", "Middle/Earth")]
    [InlineData("Warmup:Customers", "0")]
    [InlineData("Warmup:CustomersWithin", "00:00:00")]
    [InlineData("Warmup:Peaks:0", "noon")]
    [InlineData("Warmup:Peaks:0", "Someday 18:00-20:00")]
    [InlineData("Views:HalfLife", "00:00:00")]
    [InlineData("Views:HistoryLife", "500.00:00:00")]
    [InlineData("Views:FlushInterval", "00:02:00")]
    [InlineData("Cache:StartTimeout", "00:01:00")]
    public async Task Out_of_bounds_stops_the_start(string setting, string value)
    {
        Exception failure = await Assert.ThrowsAnyAsync<Exception>(() => StartAsync(setting, value));

        Assert.Contains(setting, failure.Message, StringComparison.Ordinal);
    }

    private static async Task StartAsync(string setting, string value)
    {
        LocalFunctionAppOptions options = new()
        {
            Settings = new Dictionary<string, string?>
            {
                ["Postgres:Primary"] = "Host=127.0.0.1;Port=9;Database=shop;Username=shop",
                ["Redis:Connection"] = "127.0.0.1:9",
                [setting] = value,
            },
            ReadEnvironment = false,
            RunTimers = false,
        };
        await using LocalFunctionApp app = await LocalFunctionApp.StartAsync(FunctionApps.Warmup, options, TestContext.Current.CancellationToken);
    }
}
