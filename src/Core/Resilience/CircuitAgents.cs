using Microsoft.Extensions.Hosting;
using TByte.Functions.Redis;

namespace TByte.Functions.Resilience;

/// <summary>
/// Runs the agents of all breakers of this instance. Each reports at intervals and, coalesced, soon after a call failed; takes
/// over transitions that are pushed; and looks at intervals whether there is something to probe.
/// </summary>
internal sealed class CircuitAgents : BackgroundService
{
    private readonly BreakerStore _store;
    private readonly BreakerOptions _options;
    private readonly TimeProvider _time;
    private readonly TransitionLog _log;
    private readonly Dictionary<string, (CircuitAgent Agent, Signal Report)> _agents = [];
    private int _liveInstances = 1;

    public CircuitAgents(RedisGate gate, BreakerOptions options, TimeProvider time, TransitionLog log)
        : this(gate.Scripts(RedisPurpose.Breaker), options, time, log)
    {
        gate.Subscribe(BreakerStore.Channel, Hear);
        gate.Reconnected += ReportAllSoon;
    }

    internal CircuitAgents(ScriptCall call, BreakerOptions options, TimeProvider time, TransitionLog log)
    {
        _store = new BreakerStore(call, options, Instance);
        _options = options;
        _time = time;
        _log = log;
        StartedAt = time.GetUtcNow();
    }

    /// <summary>This process' name among those that share the breakers.</summary>
    public string Instance { get; } = Guid.NewGuid().ToString("N")[..12];

    /// <summary>When it began, by this process' clock.</summary>
    public DateTimeOffset StartedAt { get; }

    public IEnumerable<CircuitAgent> All => _agents.Values.Select(static agent => agent.Agent);

    /// <summary>
    /// How many instances share the breakers; 1 until that is known. While Redis is away it is what was heard last: who shares something
    /// by it must not take the whole because nobody can be heard.
    /// </summary>
    public int LiveInstances => Volatile.Read(ref _liveInstances);

    /// <summary>Adds a server's breaker; before the app starts.</summary>
    /// <param name="name">The server's name.</param>
    /// <param name="probe">Asks it for a sign of life; throws when there is none, and ends soon when its token is cancelled.</param>
    public SharedCircuit Add(string name, Func<CancellationToken, Task> probe)
    {
        SharedCircuit circuit = new(name, _options, _time);
        Signal report = new();
        circuit.EvidenceFound += report.Set;
        _log.Watch(circuit);
        circuit.Changed += CountInstances;
        _agents.Add(name, (new CircuitAgent(circuit, _store, probe, _options, _time), report));
        return circuit;
    }

    /// <summary>A breaker's agent; null when there is no such breaker.</summary>
    public CircuitAgent? Find(string name) => _agents.TryGetValue(name, out (CircuitAgent Agent, Signal) found) ? found.Agent : null;

    /// <summary>Takes over a transition that was pushed.</summary>
    public void Hear(string message)
    {
        if (BreakerStore.ParsePush(message) is var (breaker, state) && _agents.TryGetValue(breaker, out (CircuitAgent Agent, Signal) found))
            found.Agent.Circuit.Adopt(state);
    }

    /// <summary>Has every breaker reported and read without waiting for its next turn.</summary>
    public void ReportAllSoon()
    {
        foreach ((_, Signal report) in _agents.Values)
            report.Set();
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Task.WhenAll(_agents.Values.SelectMany(
        agent => new[] { ReportAsync(agent.Agent, agent.Report, stoppingToken), ProbeAsync(agent.Agent, stoppingToken) }));

    private async Task ReportAsync(CircuitAgent agent, Signal wanted, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await GuardAsync(agent, agent.ReportAsync()).ConfigureAwait(false);
            await Task.Delay(_options.ReportInterval, _time, stoppingToken).ConfigureAwait(false);
            await wanted.WaitAsync(Spread(_options.PollInterval - _options.ReportInterval), _time, stoppingToken).ConfigureAwait(false);
        }
    }

    private async Task ProbeAsync(CircuitAgent agent, CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            Task<bool> probe = agent.ProbeAsync(stoppingToken);
            await GuardAsync(agent, probe).ConfigureAwait(false);
            if (!probe.IsCompletedSuccessfully || !await probe.ConfigureAwait(false))
                await Task.Delay(Spread(_options.ProbeInterval), _time, stoppingToken).ConfigureAwait(false);
        }
    }

    // A breaker whose agent stopped for good would stay as it is, and the host would stop the app.
    private async Task GuardAsync(CircuitAgent agent, Task step)
    {
        try
        {
            await step.ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            _log.Failed(agent.Circuit.Name, failure);
        }
    }

    private void CountInstances(CircuitSnapshot before, CircuitSnapshot after)
    {
        if (after.Fleet is { Live: > 0 and var live })
            Volatile.Write(ref _liveInstances, live);
    }

    // Instances that were started together must not ask together for good.
    private static TimeSpan Spread(TimeSpan interval) => interval * (0.9 + 0.1 * Random.Shared.NextDouble());
}
