using TByte.Functions.Diagnosis.Indexes;

namespace TByte.Functions.Diagnosis;

/// <summary>All that one run has seen: what the rules judge. Plain values, so that a rule can be tested with any of them.</summary>
internal sealed record Evidence
{
    public required DateTimeOffset At { get; init; }

    /// <summary>What counters and rates are about.</summary>
    public required TimeSpan Window { get; init; }

    /// <summary>The primary first.</summary>
    public required IReadOnlyList<ServerEvidence> Servers { get; init; }

    /// <summary>Null when there is none.</summary>
    public RedisEvidence? Redis { get; init; }

    /// <summary>Null when no instance has told anything.</summary>
    public FleetEvidence? Fleet { get; init; }

    public IReadOnlyList<BreakerUse> Breakers { get; init; } = [];

    public HotKey? HotKey { get; init; }

    public IndexAdvice Advice { get; init; } = new([], []);

    /// <summary>Earlier runs, the oldest first.</summary>
    public IReadOnlyList<HistoryPoint> History { get; init; } = [];

    public IReadOnlyList<NotSeen> NotSeen { get; init; } = [];

    public ServerEvidence Primary => Servers[0];

    public IEnumerable<ServerEvidence> Reachable => Servers.Where(static server => server.Problem is null);
}
