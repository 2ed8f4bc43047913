using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using TByte.Functions.Throttling;

namespace TByte.Functions.Fleet.Tests;

/// <summary>Here because nothing else runs beside it that would change what the process holds.</summary>
public sealed class CallerMemoryTests
{
    private const int MaxCallers = 50_000;

    /// <summary>As docs/rate-limits.md has it, for each caller that is remembered.</summary>
    private const int MostBytes = 500;

    [Fact]
    public async Task Ten_million_addresses_do_not_grow_the_process()
    {
        PolicyLimiter limiter = new(
            new RateLimitPolicy("test", 100, TimeSpan.FromMinutes(1)),
            MaxCallers,
            new PermitStore(new RateLimitPolicy("test", 100, TimeSpan.FromMinutes(1)), static (_, _, _) => new ValueTask<string?>("1 5 6000 94 60000"), "a"),
            static () => true,
            static () => 1,
            TimeProvider.System,
            NullLogger.Instance);
        long before = GC.GetTotalMemory(forceFullCollection: true);

        for (uint address = 0; address < 10_000_000; address++)
            Assert.True((await limiter.AcquireAsync(CallerKey.Of(new IPAddress(address)))).IsGranted);

        long grown = GC.GetTotalMemory(forceFullCollection: true) - before;
        TestContext.Current.SendDiagnosticMessage($"{grown / (double)MaxCallers:0} bytes a caller");
        Assert.InRange(limiter.Callers, 1, MaxCallers + 10);
        Assert.True(grown <= MaxCallers * MostBytes, $"{grown} bytes");
        GC.KeepAlive(limiter);
    }
}
