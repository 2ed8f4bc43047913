using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Time.Testing;
using TByte.Functions.Core.Tests.Redis;
using TByte.Functions.Throttling;

namespace TByte.Functions.Core.Tests.Throttling.RateLimits.Simulation;

/// <summary>Instances that share one policy over one Redis, in a time of their own, and all that they let through for one caller.</summary>
internal sealed partial class LimitedFleet
{
    private readonly List<LimitedInstance> _instances = [];
    private readonly List<long> _admitted = [];
    private TimeSpan _redisClock;
    private int _named;

    public LimitedFleet(SimulatedRedis redis, int instances, RateLimitPolicy policy)
    {
        Policy = policy;
        Redis = redis;
        Redis.Flush();
        SetRedisClock();
        for (int i = 0; i < instances; i++)
            _instances.Add(new LimitedInstance(this, $"i{_named++}"));
    }

    public static CallerKey Caller { get; } = CallerKey.Of(IPAddress.Parse("203.0.113.9"));

    public RateLimitPolicy Policy { get; }

    public SimulatedRedis Redis { get; }

    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));

    public bool IsRedisDown { get; set; }

    public int Count => _instances.Count;

    public IReadOnlyList<LimitedInstance> Instances => _instances;

    /// <summary>When requests were let through, in order, in milliseconds of a time that nobody can set.</summary>
    public IReadOnlyList<long> Admitted => _admitted;

    public long Now => (long)(Time.GetUtcNow() - new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)).TotalMilliseconds;

    /// <summary>What all instances hold ahead at the moment, as Redis has it.</summary>
    public int HeldAhead => Redis.String($"tb:{{rate:{Policy.Name}:{Caller}}}") is { } stored
        ? Holder().Matches(stored).Sum(holder => int.Parse(holder.Groups[1].Value, CultureInfo.InvariantCulture))
        : 0;

    public async Task<PolicyVerdict> RequestAsync(int instance)
    {
        PolicyVerdict verdict = await _instances[instance].Limiter.AcquireAsync(Caller);
        lock (_admitted)
        {
            if (verdict.IsGranted)
                _admitted.Add(Now);
        }

        return verdict;
    }

    /// <summary>Kills one, with all that it held, and starts another in its place.</summary>
    public void Replace(int instance) => _instances[instance] = new LimitedInstance(this, $"i{_named++}");

    public void Advance(TimeSpan time)
    {
        Time.Advance(time);
        SetRedisClock();
    }

    public void StepRedisClock(TimeSpan step)
    {
        _redisClock += step;
        SetRedisClock();
    }

    /// <summary>The most that any window of the policy's length has seen, wherever it begins.</summary>
    public int MostInAnyWindow()
    {
        int most = 0;
        for (int first = 0, last = 0; last < _admitted.Count; last++)
        {
            while (_admitted[last] - _admitted[first] >= (long)Policy.Window.TotalMilliseconds)
                first++;
            most = Math.Max(most, last - first + 1);
        }

        return most;
    }

    private void SetRedisClock() => Redis.Now = Time.GetUtcNow() + _redisClock;

    [GeneratedRegex(@"\w+:\d+:\d+:\d+:(\d+)")]
    private static partial Regex Holder();
}
