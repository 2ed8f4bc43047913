using System.Diagnostics.Metrics;
using System.Net;
using System.Threading.RateLimiting;
using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using TByte.Functions.Api.Edge;
using TByte.Functions.Telemetry;
using TByte.Functions.Throttling;

namespace TByte.Functions.Micro;

/// <summary>A request that is under its limits, with permits that were taken ahead: what it adds inside the process.</summary>
[MemoryDiagnoser]
public class RateLimitPath
{
    private readonly IPAddress _address = IPAddress.Parse("203.0.113.9");
    private readonly HeaderDictionary _headers = [];
    private PartitionedRateLimiter<IPAddress> _theirs = null!;
    private Throttling.RateLimiter _ours = null!;
    private RateLimitFields _fields = null!;

    [GlobalSetup]
    public void Start()
    {
        _theirs = PartitionedRateLimiter.Create<IPAddress, IPAddress>(static address => RateLimitPartition.GetFixedWindowLimiter(
            address,
            static _ => new FixedWindowRateLimiterOptions { PermitLimit = int.MaxValue, Window = TimeSpan.FromMinutes(1), AutoReplenishment = true }));

        RateLimitMetrics metrics = new(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>());
        _ours = new Throttling.RateLimiter(
            new RateLimitOptions(),
            // Batches of an ordinary size, so that headers are as long as they are.
            static policy => new PolicyLimiter(
                policy,
                maxCallers: 50_000,
                new PermitStore(policy, static (_, _, _) => new ValueTask<string?>("1 499 6000 400 60000"), "a"),
                static () => true,
                static () => 1,
                TimeProvider.System,
                NullLogger.Instance),
            metrics);
        _fields = new RateLimitFields(_ours);
    }

    [Benchmark(Baseline = true, Description = "System.Threading.RateLimiting, fixed window, one policy")]
    public bool Theirs()
    {
        using RateLimitLease lease = _theirs.AttemptAcquire(_address);
        return lease.IsAcquired;
    }

    [Benchmark(Description = "ours, one policy")]
    public bool One() => Decided(_ours.AcquireAsync(_address)).IsGranted;

    [Benchmark(Description = "ours, both policies")]
    public bool Both() => Decided(_ours.AcquireAsync(_address, subject: null)).IsGranted;

    [Benchmark(Description = "ours, both policies and the headers")]
    public bool BothWithHeaders()
    {
        RateLimitVerdict verdict = Decided(_ours.AcquireAsync(_address, subject: null));
        _fields.Write(_headers, verdict);
        return verdict.IsGranted;
    }

    private static RateLimitVerdict Decided(ValueTask<RateLimitVerdict> asked) =>
        asked.IsCompletedSuccessfully ? asked.Result : throw new InvalidOperationException("Nothing was taken ahead.");
}
