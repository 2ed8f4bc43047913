namespace TByte.Functions.IncidentReplay.Shop;

/// <summary>One thing that was wrong in the incident, and the product sets right.</summary>
internal enum Remedy
{
    Indexes,
    Cache,
    Warming,
    Pool,
    Breaker,
    Limits,
    Replicas,
}

/// <summary>What remedies are called and do.</summary>
internal static class RemedyText
{
    public static string Name(this Remedy remedy) => remedy switch
    {
        Remedy.Indexes => "indexes",
        Remedy.Cache => "cache",
        Remedy.Warming => "warming",
        Remedy.Pool => "bounded pool and waits",
        Remedy.Breaker => "circuit breaker",
        Remedy.Limits => "rate limits",
        _ => "read replicas",
    };

    public static string Description(this Remedy remedy) => remedy switch
    {
        Remedy.Indexes => "The schema's secondary indexes; without: those of primary keys and constraints alone.",
        Remedy.Cache => "Lives as shipped (product 1 h, page 30 s, order 60 s, stale answers for 24 h); without: 10 ms, and nothing stale.",
        Remedy.Warming => "The Warmup app fills Redis before the load begins; without: everything is cold.",
        Remedy.Pool => "At most 50 connections an instance and 0.7 s for a read; without: Npgsql's own 100 connections, 2 s for a read and 5 s for its statement.",
        Remedy.Breaker => "The fleet's breaker refuses calls to a sick server; without: it only watches.",
        Remedy.Limits => "100 requests a minute for a client; without: none is counted.",
        _ => "Two replicas serve the reads; without: the primary does.",
    };
}
