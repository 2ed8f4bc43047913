using TByte.Functions.Diagnosis.Reports;

namespace TByte.Functions.Diagnosis;

/// <summary>What the API's instances tell: pools, breakers, rate limits, what is read most.</summary>
internal static class FleetRules
{
    public const string PoolExhausted = "pool-exhausted";
    public const string PoolTooLarge = "pool-too-large";
    public const string Breaker = "breaker-flapping";
    public const string BreakerOpen = "breaker-open";
    public const string RateLimits = "rate-limits";
    public const string HotKey = "hot-key";

    // Opening, trying and closing are three.
    private const int ManyTransitions = 9;
    private const int LongStreak = 3;
    private static readonly TimeSpan Lately = TimeSpan.FromMinutes(10);

    private const long ManyRefused = 100;
    private const double RefusedShare = 0.05;

    private const double HotShare = 0.2;
    private const long HotViews = 1_000;

    public static IEnumerable<Finding> JudgePools(Evidence evidence)
    {
        foreach (PoolUse pool in evidence.Fleet?.Pools ?? [])
        {
            SessionCounts? sessions = evidence.Servers.FirstOrDefault(server => server.Name == pool.Server)?.Sessions;
            if (pool.FullInstances > 0)
            {
                yield return new Finding(
                    PoolExhausted,
                    pool.Server,
                    pool.FullInstances * 2 >= evidence.Fleet!.Instances ? Severity.High : Severity.Medium,
                    0.9,
                    $"{pool.FullInstances} of {evidence.Fleet.Instances} instances have every connection of their pool to {pool.Server} in use.",
                    [
                        new("instances with a full pool", pool.FullInstances, "", 1),
                        new("connections in use", pool.Busy),
                        new("of all pools together", pool.Max),
                        new("active on the server", sessions?.Active ?? 0),
                    ],
                    "Reads wait for a connection until their time is up, and then get an old answer or 503.",
                    new Remedy(
                        sessions is not null && sessions.Active < pool.Busy / 2
                            ? "The server is not busy: connections are held without being used. Look for long transactions and locks."
                            : "First make the statements faster that hold connections; more connections only help while the server has free processors.",
                        [], "Postgres:MaxPoolSize"),
                    "GET /api/ops/status: busy is below max on every instance.");
            }

            if (sessions is not null && pool.Max > sessions.Max)
            {
                yield return new Finding(
                    PoolTooLarge,
                    pool.Server,
                    Severity.Medium,
                    0.9,
                    $"The pools of {evidence.Fleet!.Instances} instances may open {pool.Max} connections to {pool.Server}, which allows {sessions.Max}.",
                    [new("of all pools together", pool.Max, "", sessions.Max), new("instances", evidence.Fleet.Instances), new("connections now", sessions.Total)],
                    "At the next peak the server refuses connections, to maintenance too.",
                    new Remedy(
                        "Make the pools smaller, run fewer instances, or put PgBouncer in between.",
                        [], $"Postgres:MaxPoolSize = {Math.Max(1, (int)(sessions.Max * 0.9 / evidence.Fleet.Instances) - 1)}"),
                    "instances × (MaxPoolSize + 1) is below max_connections.");
            }
        }
    }

    public static IEnumerable<Finding> JudgeBreakers(Evidence evidence) =>
        from breaker in evidence.Breakers
        let isFlapping = breaker.Transitions >= ManyTransitions || (breaker.Streak >= LongStreak && (breaker.State != "closed" || breaker.InState <= Lately))
        where isFlapping || breaker.State != "closed"
        select new Finding(
            isFlapping ? Breaker : BreakerOpen,
            breaker.Name,
            Severity.High,
            0.9,
            isFlapping
                ? $"The breaker of {breaker.Name} opens again and again ({breaker.State} now)."
                : $"The breaker of {breaker.Name} is {breaker.State}.",
            [
                new("opened in a row", breaker.Streak, "", LongStreak),
                .. breaker.Transitions is { } transitions ? [new Measurement("transitions in the window", transitions, "", ManyTransitions)] : Array.Empty<Measurement>(),
                new("in this state for", breaker.InState.TotalSeconds, "s"),
            ],
            "While it is open, reads that no cache has go to another server, get an old answer, or 503.",
            new Remedy(
                $"It says why: {(breaker.Reason.Length == 0 ? "nothing" : Phrase.Excerpt(breaker.Reason))}. Look for what makes the server fail for a part of the calls: "
                    + "statements near their time-out, lock waits, a full pool, a network that drops connections.",
                [], "Breaker:FailureThreshold; POST /api/ops/breakers/{name} holds it open or closed meanwhile"),
            "GET /api/ops/status: its epoch stays the same.");

    public static IEnumerable<Finding> JudgeRateLimits(Evidence evidence) =>
        evidence.Fleet is { Refused: >= ManyRefused } fleet && fleet.Refused >= (fleet.Refused + fleet.Cache.Answers) * RefusedShare
            ? [
                new Finding(
                    RateLimits,
                    "rate limits",
                    Severity.Medium,
                    0.8,
                    $"Rate limits have refused {Quantity.Number(fleet.Refused)} requests.",
                    [
                        new("requests refused", fleet.Refused, "", ManyRefused),
                        new("of all", 100.0 * fleet.Refused / (fleet.Refused + fleet.Cache.Answers), "%", RefusedShare * 100),
                    ],
                    "Their callers got 429. If these were real customers, they saw errors.",
                    new Remedy(
                        "See in the logs whether they were few callers or many. Few: the limits do what they are for. Many: raise them, or, "
                            + "when all seem to come from one address, state the proxies in front.",
                        [], "RateLimits:Api:Permits; RateLimits:TrustedProxyHops"),
                    "GET /api/ops/status: refused grows more slowly."),
            ]
            : [];

    public static IEnumerable<Finding> JudgeHotKey(Evidence evidence) =>
        evidence.HotKey is { } hot && hot.Views >= HotViews && hot.Share >= HotShare
            ? [
                new Finding(
                    HotKey,
                    hot.Key,
                    Severity.Medium,
                    0.85,
                    $"{Quantity.Percent(hot.Share)} of all product reads are of {hot.Key}.",
                    [new("share of reads", hot.Share * 100, "%", HotShare * 100), new("reads in the last two hours", hot.Views, "", HotViews)],
                    "One entry carries the load: when it ends everybody waits for one query, and in a clustered Redis one shard does all the work.",
                    new Remedy(
                        "Keep it in the instances' memory for longer, and see that it is refreshed before it ends. If it is no campaign, "
                            + "look for a client that asks in a loop.",
                        [], "Cache:MemoryLife; Cache:RefreshAfter"),
                    "Most of its answers say Cache-Status: hit from memory."),
            ]
            : [];
}
