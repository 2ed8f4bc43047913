using TByte.Functions.IncidentReplay.Reports.Replay;

namespace TByte.Functions.IncidentReplay.Tests.Reports;

/// <summary>A replay such as one could be: the same figures each time, and runs that lead to them.</summary>
internal static class MadeUpReplay
{
    public const double Rate = 50;

    public static ReplayReport Whole() => new()
    {
        StartedAt = new DateTimeOffset(2026, 3, 14, 9, 26, 53, TimeSpan.Zero),
        Command = "./dev incident --replay --out artifacts/incident",
        IsQuick = false,
        SetUp = new SetUp(
            "AMD EPYC 7763, 8 processors, Debian 12, .NET 10.0.1, load 0.31",
            3,
            2,
            4,
            true,
            "100,000 products, 1,000,000 orders, 50,000 customers",
            "the sales of a year, product by product",
            Rate),
        Verdict =
        [
            new("latency p95", "12 s", "9,400 ms", "24.0 ms", "-99.7 %", "<= 500 ms", true),
            new("cache hits", "3 %", "2.9 %", "93.8 %", "32 x", ">= 80 %", true),
            new("errors", "18 %", "21 %", "0 %", "-100 %", "<= 0.5 %", true),
            new("database load", "100 %", "98 %", "7 %", "-93 %", "<= 50 %", true),
            new("load held", "-", "12/s", "640/s", "53 x", ">= 10 x", true),
        ],
        Before = MadeUpRun.Before("before"),
        After = MadeUpRun.After("after"),
        BeforeCapacity = new Capacity(
            12,
            true,
            [
                new(6, 190, 0, 0.41, true), new(12, 430, 0, 0.78, true), new(15, 810, 0.002, 0.93, false), new(25, 3_900, 0.04, 0.99, false),
                new(50, 9_400, 0.21, 0.98, false), new(100, null, 1, 0.99, false),
            ]),
        AfterCapacity = new Capacity(
            640,
            true,
            [
                new(50, 24, 0, 0.07, true), new(100, 25, 0, 0.11, true), new(200, 29, 0, 0.19, true), new(400, 64, 0, 0.34, true),
                new(640, 240, 0.001, 0.52, true), new(720, 980, 0.012, 0.6, false), new(800, 2_600, 0.09, 0.66, false),
            ]),
        Remedies = Remedies(),
        Outages = Outages(),
        Findings =
        [
            "The load and the apps share four processors: above 600 requests per second it is these that are busy, not the database's.",
            "Orders are not cached, so they are in no hit ratio.",
        ],
    };

    /// <summary>As when only the direction is looked at.</summary>
    public static ReplayReport Quick() => Whole() with { IsQuick = true, Remedies = [], Outages = [], Findings = [] };

    private static IReadOnlyList<RemedyGain> Remedies() =>
    [
        new(
            "Indexes",
            "The indexes that the diagnosis asks for, on products by category and on orders by customer.",
            new(38, 610, 0.004, 0.029, 0.34),
            new(9, 2_900, 0.031, 0.94, 0.71)),
        new(
            "Cache that is shared and warmed",
            "Memory and Redis, of the size and for the time that fit, with what sells read in advance.",
            new(5, 1_850, 0.027, 0.93, 0.62),
            new(21, 160, 0, 0.03, 0.29)),
        new("Replicas", "Reads go to two replicas.", new(2_100, 6_100, 0.11, 0.03, 0.97), new(4, 27, 0, 0.94, 0.12)),
        new("Circuit breaker", "Calls that cannot succeed are refused at once.", new(310, 9_900, 0.47, 0.02, 0.83), new(4, 24, 0, 0.94, 0.07)),
        new("Rate limits", "Each caller has a share; who takes more is refused.", new(2_800, null, 0.33, null, 0.96), new(4, 25, 0, 0.94, 0.07)),
    ];

    private static IReadOnlyList<Outage> Outages() =>
    [
        new(
            "Redis is killed",
            "Its process ends and comes back after 20 s. The memory of the instances and the database answer meanwhile.",
            MadeUpRun.Redis("outage-redis"),
            [new(30, "Redis is killed"), new(50, "Redis is back")],
            [
                new("errors", "0", "0", true),
                new("p95 while it is gone", "88 ms", "<= 500 ms", true),
                new("hits again as before", "after 6 s", "", true),
            ]),
        new(
            "The primary is stopped",
            "It takes no connections for 20 s. Stale answers are given, and the breaker opens.",
            MadeUpRun.Primary("outage-primary"),
            [
                new(33, "The primary is stopped"), new(34.2, "The breaker opens"), new(53, "The primary is started"), new(55, "The breaker closes"),
            ],
            [
                new("errors", "2.1 %", "<= 5 %", true),
                new("p95 while it is gone", "31 ms", "<= 500 ms", true),
                new("stale answers", "38 %", "", true),
            ]),
        new(
            "The index build is killed",
            "The process that builds the indexes ends half way, and is started again.",
            null,
            [],
            [new("invalid indexes that are left", "0", "0", true), new("built again in", "4.1 s", "", true)]),
    ];
}
