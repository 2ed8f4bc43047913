using System.Diagnostics.Metrics;
using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using TByte.Functions.Caching;
using TByte.Functions.Postgres;
using TByte.Functions.Resilience;
using TByte.Functions.Telemetry;

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
        CacheMetrics cache = _services.GetRequiredService<CacheMetrics>();
        CachePolicy policy = new("product", TimeSpan.FromHours(1), IsVersioned: true);
        foreach (CacheOutcome outcome in Enum.GetValues<CacheOutcome>().Where(static outcome => outcome >= 0))
            cache.Read(policy, outcome, TimeSpan.FromMilliseconds(1));
        cache.Failed(policy, TimeSpan.FromMilliseconds(1));

        BreakerMetrics breakers = _services.GetRequiredService<BreakerMetrics>();
        breakers.Watch(new SharedCircuit("postgres-primary", new BreakerOptions(), TimeProvider.System));
        breakers.Transition("postgres-primary", "fleet", BreakerState.Open, isForced: false);
        DatabaseServerStatus replica = new("postgres-replica-1", "replica", "up", LagMs: 0, Busy: 0, Idle: 0, Max: 1);
        _services.GetRequiredService<PostgresMetrics>().ObserveLag(() => [replica]);
        _services.GetRequiredService<DiagnosisMetrics>().Found("high", 1);
        _services.GetRequiredService<RateLimitMetrics>().Refused("users", isShadow: false);
    }
}
