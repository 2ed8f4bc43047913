using System.Globalization;
using CsCheck;
using TByte.Functions.Core.Tests.Redis;
using TByte.Functions.Core.Tests.Resilience.Simulation;

namespace TByte.Functions.Core.Tests.Resilience;

/// <summary>
/// Random histories of calls, failures, clock steps, crashes, flushes and partitions over 2 to 8 instances: the real breakers and
/// agents, the real scripts. More with the environment variable TBYTE_BREAKER_HISTORIES.
/// </summary>
public sealed class BreakerHistoryTests
{
    private static readonly long Histories =
        long.Parse(Environment.GetEnvironmentVariable("TBYTE_BREAKER_HISTORIES") ?? "10000", CultureInfo.InvariantCulture);

    [Fact]
    public void Whatever_happens_the_rules_hold_and_it_closes_when_faults_end()
    {
        using ThreadLocal<SimulatedRedis> redis = new(static () => new SimulatedRedis(), trackAllValues: true);
        History.Any.Sample(
            history => new Referee(new SimulatedFleet(redis.Value!, history.Instances)).PlayAsync(history).GetAwaiter().GetResult(), iter: Histories);
        foreach (SimulatedRedis one in redis.Values)
            one.Dispose();
    }
}
