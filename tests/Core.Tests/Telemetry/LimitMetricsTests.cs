using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using TByte.Functions.Telemetry;
using TByte.Functions.Throttling;

namespace TByte.Functions.Core.Tests.Telemetry;

/// <summary>Requests under and over a limit are counted, each once for each policy, from when somebody listens.</summary>
public sealed class LimitMetricsTests : IDisposable
{
    private static readonly IPAddress Caller = IPAddress.Parse("192.0.2.7");

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public void Dispose() => _services.Dispose();

    [Theory]
    [InlineData(false, "True")]
    [InlineData(true, "False")]
    public async Task What_is_let_through_and_what_is_refused_is_counted_by_policy(bool isShadow, string enforced)
    {
        RateLimitMetrics metrics = new(_services.GetRequiredService<IMeterFactory>());
        RateLimiter limiter = new(
            new RateLimitOptions { Ip = new() { Permits = 5, Window = TimeSpan.FromHours(1) }, Api = new() { Permits = 3, Window = TimeSpan.FromHours(1) }, Shadow = isShadow },
            static policy => new PolicyLimiter(
                policy,
                maxCallers: 10,
                new PermitStore(policy, static (_, _, _) => new ValueTask<string?>((string?)null), "a"),
                static () => false,
                static () => 1,
                TimeProvider.System,
                NullLogger.Instance),
            metrics);
        await limiter.AcquireAsync(IPAddress.Parse("192.0.2.8"), subject: null);
        using Measurements measured = new(_services);

        for (int request = 0; request < 4; request++)
            await limiter.AcquireAsync(Caller, subject: null);

        Assert.Equal(4, measured.Now("tbyte.rate_limit.granted", "policy=ip"));
        Assert.Equal(3, measured.Now("tbyte.rate_limit.granted", "policy=api"));
        Assert.Equal(1, measured.Of("tbyte.rate_limit.refused", $"policy=api enforced={enforced}").Sum());
        Assert.Empty(measured.Of("tbyte.rate_limit.refused", "policy=ip"));
    }
}
