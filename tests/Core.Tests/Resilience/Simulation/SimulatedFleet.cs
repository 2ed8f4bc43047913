using Microsoft.Extensions.Time.Testing;
using TByte.Functions.Core.Tests.Redis;
using TByte.Functions.Resilience;

namespace TByte.Functions.Core.Tests.Resilience.Simulation;

/// <summary>Instances, one protected server and one Redis, in a time of their own. Everything happens when it is told to.</summary>
internal sealed class SimulatedFleet
{
    public const string Server = "server";

    private readonly List<SimulatedInstance> _instances = [];
    private TimeSpan _redisClock;
    private int _named;

    public SimulatedFleet(SimulatedRedis redis, int instances, BreakerOptions? options = null)
    {
        Options = options ?? new BreakerOptions();
        Redis = redis;
        Redis.Flush();
        Redis.Published = (_, message) => Push(message);
        SetRedisClock();
        for (int i = 0; i < instances; i++)
            Start();
    }

    public BreakerOptions Options { get; }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public SimulatedRedis Redis { get; }

    public IReadOnlyList<SimulatedInstance> Instances => _instances;

    public bool IsServerWell { get; set; } = true;

    public bool IsRedisDown { get; set; }

    /// <summary>Every transition, in the order of Redis.</summary>
    public List<(DateTimeOffset At, FleetState State)> Transitions { get; } = [];

    /// <summary>The breaker as it lies in Redis, field by field.</summary>
    public IReadOnlyDictionary<string, string> Stored => Redis.Hash($"tb:{{breaker:{Server}}}");

    public SimulatedInstance Start()
    {
        SimulatedInstance instance = new(this, $"i{_named++}");
        _instances.Add(instance);
        return instance;
    }

    /// <summary>Kills one and starts another in its place.</summary>
    public void Replace(int index)
    {
        _instances[index].Crash();
        _instances[index] = new SimulatedInstance(this, $"i{_named++}");
    }

    public void Advance(TimeSpan time)
    {
        Time.Advance(time);
        SetRedisClock();
    }

    /// <summary>Sets Redis' clock, which nobody else's has anything to do with.</summary>
    public void StepRedisClock(TimeSpan step)
    {
        _redisClock += step;
        SetRedisClock();
    }

    /// <summary>Lets time pass as the agents do on their own: reports, and probes that end before the next.</summary>
    public async Task RunAsync(TimeSpan time)
    {
        TimeSpan step = Options.ProbeInterval;
        for (TimeSpan run = TimeSpan.Zero; run < time; run += step)
        {
            foreach (SimulatedInstance instance in _instances)
            {
                instance.EndProbe();
                await instance.Agent.ReportAsync();
                do
                    instance.BeginProbe();
                while (instance.EndProbe());
            }

            Advance(step);
        }
    }

    private void Push(string message)
    {
        (_, FleetState state) = BreakerStore.ParsePush(message)!.Value;
        Transitions.Add((Time.GetUtcNow(), state));
        foreach (SimulatedInstance instance in _instances.ToArray())
            instance.Hear(state);
    }

    private void SetRedisClock() => Redis.Now = Time.GetUtcNow() + _redisClock;
}
