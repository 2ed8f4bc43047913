using Microsoft.Extensions.Logging;
using TByte.Functions.Redis;

namespace TByte.Functions.Resilience;

/// <summary>What came of an operator's order.</summary>
public enum BreakerOrderOutcome
{
    /// <summary>The fleet has it.</summary>
    Taken,

    /// <summary>The fleet could not be reached: nothing has changed, nor will it.</summary>
    NotTaken,

    /// <summary>It was sent and there was no answer: either it has been taken, or it never will be.</summary>
    Unknown,
}

/// <summary>The breakers as operators see them, and their orders to the fleet.</summary>
public sealed class BreakerControl
{
    /// <summary>When an order that was not taken may be worth repeating.</summary>
    public static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    // Longer than any call waits, and than two estimates of Redis' clock differ. An order that lay before a hung Redis for longer
    // must not be carried out when it goes on: by then the operator may have thought of something else.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly CircuitAgents _agents;
    private readonly Func<bool> _isReachable;
    private readonly RedisClock _clock;
    private readonly TimeSpan _budget;
    private readonly TimeProvider _time;
    private readonly ILogger<BreakerControl> _logger;

    /// <param name="agents">Who keeps the breakers.</param>
    /// <param name="isReachable">Whether Redis, which tells the fleet, can be reached at the moment.</param>
    /// <param name="clock">Redis' clock.</param>
    /// <param name="budget">The longest that an order waits for its answer.</param>
    /// <param name="time">This instance's clock.</param>
    /// <param name="logger">Who is told of every order.</param>
    internal BreakerControl(
        CircuitAgents agents, Func<bool> isReachable, RedisClock clock, TimeSpan budget, TimeProvider time, ILogger<BreakerControl> logger)
    {
        _agents = agents;
        _isReachable = isReachable;
        _clock = clock;
        _budget = budget;
        _time = time;
        _logger = logger;
    }

    /// <summary>Every breaker, the primary's first.</summary>
    public IReadOnlyList<BreakerStatus> All => [.. _agents.All.Select(StatusOf)];

    /// <summary>A breaker; null when there is none of this name.</summary>
    public BreakerStatus? Find(string name) => _agents.Find(name) is { } agent ? StatusOf(agent) : null;

    /// <summary>Gives an order to the whole fleet.</summary>
    /// <exception cref="ArgumentException">There is no such breaker.</exception>
    public async Task<BreakerOrderOutcome> GiveAsync(string name, BreakerOrder order)
    {
        CircuitAgent agent = _agents.Find(name) ?? throw new ArgumentException($"There is no breaker {name}.", nameof(name));
        BreakerOrderOutcome outcome = BreakerOrderOutcome.NotTaken;
        if (_isReachable())
        {
            long until = _clock.NowMilliseconds + (long)(_budget + Patience).TotalMilliseconds;
            outcome = await agent.ForceAsync(order, until).ConfigureAwait(false) switch
            {
                true => BreakerOrderOutcome.Taken,
                false => BreakerOrderOutcome.NotTaken,
                null => BreakerOrderOutcome.Unknown,
            };
        }

        _logger.LogWarning(
            "Breaker {Breaker} was ordered to be {State}{Time} by {By}: {Reason} (outcome: {Outcome})",
            name, order.Word, order.State is null ? "" : $" for {order.For:c}", order.By, order.Reason, outcome);
        return outcome;
    }

    private BreakerStatus StatusOf(CircuitAgent agent) => BreakerStatus.Of(agent.Circuit.Snapshot, _time);
}
