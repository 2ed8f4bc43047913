using System.Diagnostics.Metrics;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using TByte.Functions.Caching;
using TByte.Functions.Postgres;
using TByte.Functions.Redis;
using TByte.Functions.Resilience;
using TByte.Functions.Telemetry;
using TByte.Functions.Throttling;
using TByte.Functions.Warming;

namespace TByte.Functions.Infrastructure.Tests.Monitoring.Metrics;

/// <summary>The metrics of Core: each class of them made, and made to record all it can.</summary>
internal sealed class OwnMetrics : IDisposable
{
    private readonly ServiceProvider _services;

    public OwnMetrics()
    {
        ServiceCollection services = new();
        services.AddMetrics();
        foreach (Type type in Types)
            services.AddSingleton(type);
        _services = services.BuildServiceProvider();

        IMeterFactory meters = _services.GetRequiredService<IMeterFactory>();
        Recorder = new MetricRecorder(meter => ReferenceEquals(meter.Scope, meters));
        foreach (Type type in Types)
            _services.GetRequiredService(type);
        Record();
        Recorder.Observe();
    }

    /// <summary>All that make instruments.</summary>
    public static IReadOnlyList<Type> Types { get; } =
    [
        .. typeof(CacheMetrics).Assembly.GetTypes().Where(static type => type.Namespace == typeof(CacheMetrics).Namespace
            && type.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance)
                .Any(static made => made.GetParameters().Any(static parameter => parameter.ParameterType == typeof(IMeterFactory)))),
    ];

    public MetricRecorder Recorder { get; }

    public void Dispose()
    {
        Recorder.Dispose();
        _services.Dispose();
    }

    private void Record()
    {
        _services.GetRequiredService<RequestMetrics>()
            .Answered("/api/v1/products/{id}", "GET", 200, CacheOutcome.MemoryHit, TimeSpan.FromMilliseconds(1));

        CacheMetrics cache = _services.GetRequiredService<CacheMetrics>();
        CachePolicy policy = new("product", TimeSpan.FromHours(1), IsVersioned: true);
        foreach (CacheOutcome outcome in Enum.GetValues<CacheOutcome>().Where(static outcome => outcome >= 0))
            cache.Read(policy, outcome, TimeSpan.FromMilliseconds(1));
        cache.Failed(policy, TimeSpan.FromMilliseconds(1));
        cache.LoadBegan(policy);
        cache.LoadEnded(policy);
        cache.Pushed();
        cache.Replayed(1);
        cache.ReplayEnded(isComplete: true, TimeSpan.FromMilliseconds(1));
        cache.ObserveMemory(static () => 1, 2);

        RedisMetrics redis = _services.GetRequiredService<RedisMetrics>();
        redis.Observe(static () => true);
        redis.Answered(RedisPurpose.Read, TimeSpan.FromMilliseconds(1));

        BreakerMetrics breakers = _services.GetRequiredService<BreakerMetrics>();
        SharedCircuit circuit = new("postgres-primary", new BreakerOptions(), TimeProvider.System);
        breakers.Watch(circuit);
        circuit.FleetProbed(succeeded: true);
        breakers.Transition("postgres-primary", "fleet", BreakerState.Open, isForced: false, "5 of 5 calls failed");

        PostgresMetrics postgres = _services.GetRequiredService<PostgresMetrics>();
        postgres.Observe(static () => [new ServerUse("postgres-replica-1", "up", TimeSpan.Zero, Taken: 0, Waiting: 0, Max: 1)]);
        postgres.Attempted("postgres-replica-1", AttemptKind.First, failure: null, TimeSpan.FromMilliseconds(1));

        HeavyQueryMetrics heavy = _services.GetRequiredService<HeavyQueryMetrics>();
        heavy.Observe(static () => new HeavyQueryStatus(Running: 0, Waiting: 0, Limit: 10, FleetLimit: 20));
        heavy.Waited(failure: null, TimeSpan.FromMilliseconds(1));

        RateLimitMetrics limits = _services.GetRequiredService<RateLimitMetrics>();
        limits.ObserveGranted(static () => [("users", 1)]);
        limits.Refused("users", isShadow: false);

        ViewMetrics views = _services.GetRequiredService<ViewMetrics>();
        foreach (Action<long> record in (Action<long>[])[views.Sent, views.Moved, views.Dropped, views.Queued, views.Unsent])
            record(1);

        DiagnosisMetrics diagnosis = _services.GetRequiredService<DiagnosisMetrics>();
        diagnosis.Ended(TimeSpan.FromSeconds(1));
        diagnosis.Found("high", 1);
        diagnosis.Index("created");
        _services.GetRequiredService<WarmingMetrics>().Ended("WarmPopularProducts", new WarmingReport(1, 0, 0), TimeSpan.FromSeconds(1), null);
    }
}
