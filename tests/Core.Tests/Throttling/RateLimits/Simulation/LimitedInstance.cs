using Microsoft.Extensions.Logging.Abstractions;
using StackExchange.Redis;
using TByte.Functions.Throttling;

namespace TByte.Functions.Core.Tests.Throttling.RateLimits.Simulation;

/// <summary>One instance of a simulated fleet: the real limiter and the real script, on a network that loses and delays answers.</summary>
internal sealed class LimitedInstance
{
    private readonly LimitedFleet _fleet;
    private TaskCompletionSource? _answer;

    public LimitedInstance(LimitedFleet fleet, string name)
    {
        _fleet = fleet;
        Limiter = new PolicyLimiter(
            fleet.Policy, maxCallers: 100, new PermitStore(fleet.Policy, EvaluateAsync, name),
            () => !fleet.IsRedisDown, () => fleet.Count, fleet.Time, NullLogger.Instance);
    }

    public PolicyLimiter Limiter { get; }

    /// <summary>Calls to Redis so far.</summary>
    public int Calls { get; private set; }

    /// <summary>The next call reaches Redis, but its answer does not come back.</summary>
    public bool LosesNextAnswer { get; set; }

    /// <summary>Answers of Redis are on their way until <see cref="Deliver"/>.</summary>
    public bool IsSlow { get; set; }

    public void Deliver()
    {
        IsSlow = false;
        TaskCompletionSource? answer = _answer;
        _answer = null;
        answer?.SetResult();
    }

    private async ValueTask<string?> EvaluateAsync(string script, RedisKey key, RedisValue[] arguments)
    {
        Calls++;
        if (_fleet.IsRedisDown)
            return null;

        string? answer = _fleet.Redis.Evaluate(script, key, arguments);
        if (LosesNextAnswer)
        {
            LosesNextAnswer = false;
            return null;
        }

        if (IsSlow)
            await (_answer = new TaskCompletionSource()).Task;
        return answer;
    }
}
