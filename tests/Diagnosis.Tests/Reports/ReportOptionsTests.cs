using TByte.Functions.Diagnosis.Reports;

namespace TByte.Functions.Diagnosis.Tests.Reports;

public sealed class ReportOptionsTests
{
    private const string Secret = "S3cret-Passw0rd";

    public static TheoryData<string, ReportOptions> Wrong { get; } = new()
    {
        { "Connection", new() { Connection = Secret } },
        { "Connection", new() { Connection = $"AccountName=shop;AccountKey={Secret}" } },
        { "Connection", new() { Connection = $"DefaultEndpointsProtocol=https;AccountKey={Secret}" } },
        { "AccountUrl", new() { AccountUrl = Secret } },
        { "AccountUrl", new() { AccountUrl = "http://shop.blob.core.windows.net" } },
        { "AccountUrl", new() { AccountUrl = $"https://shop.blob.core.windows.net/?sig={Secret}" } },
        { "AccountUrl", new() { AccountUrl = $"https://shop:{Secret}@shop.blob.core.windows.net" } },
        { "AccountUrl", new() { AccountUrl = "https://shop.blob.core.windows.net", Connection = "UseDevelopmentStorage=true" } },
        { "Container", new() { Container = "" } },
        { "Container", new() { Container = "ab" } },
        { "Container", new() { Container = "Reports" } },
        { "Container", new() { Container = "a--b" } },
        { "Container", new() { Container = "-ab" } },
        { "Container", new() { Container = "ab-" } },
        { "Container", new() { Container = "abc\n" } },
        { "Container", new() { Container = new string('a', 64) } },
        { "Retention", new() { Retention = TimeSpan.FromHours(23) } },
        { "Timeout", new() { Timeout = TimeSpan.Zero } },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void What_is_set_wrong_is_named_and_not_repeated(string setting, ReportOptions options)
    {
        string problem = Assert.Single(options.Problems());
        Assert.Contains($"Reports:{setting}", problem, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Defaults_and_either_place_are_sound()
    {
        Assert.Empty(new ReportOptions().Problems());
        Assert.Empty(new ReportOptions { Connection = "UseDevelopmentStorage=true" }.Problems());
        Assert.Empty(new ReportOptions { AccountUrl = "https://shop.blob.core.windows.net" }.Problems());
        Assert.Empty(new ReportOptions { Container = new string('a', 63) }.Problems());
        Assert.Empty(new ReportOptions { Container = "a-b" }.Problems());
    }
}
