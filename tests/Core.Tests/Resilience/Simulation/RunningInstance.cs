using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Testing;
using StackExchange.Redis;
using TByte.Functions.Core.Tests.Redis;
using TByte.Functions.Redis;
using TByte.Functions.Resilience;
using TByte.Functions.Telemetry;
using TByte.Functions.Testing;

namespace TByte.Functions.Core.Tests.Resilience.Simulation;

/// <summary>
/// One instance with its agents, which run in the background once they are started, in a time and on a Redis of their own. Nobody
/// knows when a background thread gets its turn: a test waits until the agents sleep, counts, and lets time pass.
/// </summary>
internal sealed class RunningInstance : IAsyncDisposable
{
    /// <summary>Every kind of wait has a length of its own.</summary>
    public static readonly BreakerOptions Options = new()
    {
        ReportInterval = TimeSpan.FromMilliseconds(100),
        PollInterval = TimeSpan.FromSeconds(1),
        ProbeInterval = TimeSpan.FromSeconds(10),
        ProbeTimeout = TimeSpan.FromSeconds(30),
        ProbeLease = TimeSpan.FromSeconds(40),
    };

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly SimulatedRedis _redis = new();
    private readonly List<string> _asked = [];
    private volatile Exception? _failure;
    private volatile bool _isRedisDown;
    private int _probes;

    public RunningInstance()
    {
        TransitionLog log = new(new FakeLogger<SharedCircuit>(Log), new BreakerMetrics(_services.GetRequiredService<IMeterFactory>()));
        Agents = new CircuitAgents(EvaluateAsync, Options, Time, log);
        Circuit = Agents.Add("server", ProbeAsync);
        _redis.Published = (channel, message) =>
        {
            if (channel == BreakerStore.Channel && !IsDeaf)
                Agents.Hear(message);
        };
    }

    public AwaitedTime Time { get; } = new();

    public CircuitAgents Agents { get; }

    public SharedCircuit Circuit { get; }

    public FakeLogCollector Log { get; } = new();

    /// <summary>The store as another instance has it.</summary>
    public BreakerStore Elsewhere => new(EvaluateAsync, Options, "elsewhere");

    /// <summary>What comes of a probe; a success at once, unless it is set.</summary>
    public Func<CancellationToken, Task> Probe { get; set; } = static _ => Task.CompletedTask;

    /// <summary>By how much Redis' clock is ahead.</summary>
    public TimeSpan RedisAhead { get; set; }

    /// <summary>It does not hear what Redis pushes.</summary>
    public bool IsDeaf { get; init; }

    public bool IsRedisDown { get => _isRedisDown; set => _isRedisDown = value; }

    /// <summary>What every call to Redis throws; null when all is well.</summary>
    public Exception? Failure { get => _failure; set => _failure = value; }

    public int Probes => Volatile.Read(ref _probes);

    /// <summary>How often a script was wanted, answered or not.</summary>
    public int Asked(string script)
    {
        lock (_asked)
            return _asked.Count(asked => asked == script);
    }

    public Task StartAsync() => Agents.StartAsync(CancellationToken.None);

    /// <summary>Waits until that many reports have ended in the pause between two.</summary>
    public Task ReportedAsync(int times) => SleepAsync(times, static wait => wait == Options.ReportInterval);

    /// <summary>Waits until that many pauses have ended in waiting for something to report.</summary>
    public Task PolledAsync(int times) => SleepAsync(
        times, static wait => wait >= 0.9 * (Options.PollInterval - Options.ReportInterval) && wait < Options.PollInterval);

    /// <summary>Waits until there was nothing to probe that many times.</summary>
    public Task LookedAsync(int times) => SleepAsync(times, static wait => wait >= 0.9 * Options.ProbeInterval && wait <= Options.ProbeInterval);

    /// <summary>Waits until that many probes have been sent.</summary>
    public Task ProbedAsync(int times) => SleepAsync(times, static wait => wait == Options.ProbeTimeout);

    public void Fail(int calls)
    {
        for (int i = 0; i < calls; i++)
            Circuit.Failed(Circuit.Snapshot, Time.GetTimestamp());
    }

    public async ValueTask DisposeAsync()
    {
        await Agents.StopAsync(CancellationToken.None);
        Agents.Dispose();
        _redis.Dispose();
        await _services.DisposeAsync();
    }

    private Task SleepAsync(int times, Func<TimeSpan, bool> kind) => Eventually.HoldsAsync(
        () => Time.Waits.Count(kind) >= times, $"{times} waits", TestContext.Current.CancellationToken);

    private ValueTask<string?> EvaluateAsync(string script, RedisKey key, RedisValue[] arguments)
    {
        lock (_asked)
        {
            _asked.Add(NameOf(script));
            if (Failure is { } failure)
                throw failure;
            if (IsRedisDown)
                return new ValueTask<string?>((string?)null);
            _redis.Now = Time.GetUtcNow() + RedisAhead;
            return new ValueTask<string?>(_redis.Evaluate(script, key, arguments));
        }
    }

    private Task ProbeAsync(CancellationToken cancellationToken)
    {
        Interlocked.Increment(ref _probes);
        return Probe(cancellationToken);
    }

    private static string NameOf(string script) => ((string[])["report", "acquire", "conclude", "force"]).Single(
        name => script.EndsWith(EmbeddedScript.Load($"TByte.Functions.Resilience.Lua.{name}.lua"), StringComparison.Ordinal));
}
