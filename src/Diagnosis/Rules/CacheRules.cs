using TByte.Functions.Diagnosis.Reports;

namespace TByte.Functions.Diagnosis;

/// <summary>Caches that do not spare the database its work.</summary>
internal static class CacheRules
{
    public const string RedisAway = "redis-away";
    public const string TtlTooShort = "cache-ttl-too-short";
    public const string KeysTooSpecific = "cache-keys-too-specific";
    public const string TooSmall = "cache-too-small";
    public const string Cold = "cache-cold";
    public const string NotEffective = "cache-not-effective";

    // The incident document's alert.
    private const double LowHitRatio = 0.8;
    private const double VeryLowHitRatio = 0.5;
    // The shop's real sales: of the first 1,000 reads after every cache was lost 21 to 59 % are hits. Keys too specific have next to none.
    private const double ColdHitRatio = 0.1;
    private const long EnoughReads = 200;

    private const int EnoughEnded = 20;
    private const double ManyCameBack = 0.3;
    private const double FewCameBack = 0.05;
    private const double MostNeverRead = 0.7;
    private const double FullShare = 0.9;
    private const double MostKeys = 0.5;
    private const long EnoughKeys = 100;

    private static readonly TimeSpan ShortLife = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan JustStarted = TimeSpan.FromMinutes(10);

    public static IEnumerable<Finding> JudgeRedis(Evidence evidence) =>
        evidence.Redis is { Problem: { } problem }
            ? [
                new Finding(
                    RedisAway,
                    "Redis",
                    Severity.High,
                    0.95,
                    $"Redis could not be asked: {problem}.",
                    [new("answers", 0, "", 1)],
                    "Each instance has only its own memory; after it has forgotten an entry the database is asked. Breakers and rate limits are each instance's own.",
                    new Remedy(
                        "See whether Redis runs, whether the network lets the apps through, and whether their login is still good.", [], "Redis:Connection"),
                    "GET /api/ops/status: redis is reachable on every instance."),
            ]
            : [];

    /// <summary>One finding says why too few reads are hits, as far as the keys tell.</summary>
    public static IEnumerable<Finding> JudgeHits(Evidence evidence)
    {
        (double? ratio, long reads) = HitRatio(evidence);
        if (evidence.Redis is not { Problem: null } redis || reads < EnoughReads || ratio is null)
            return [];
        if (ratio >= LowHitRatio)
            return IsEmptied(redis) ? [Empty(redis, ratio.Value)] : [];

        KeySampleEvidence? sample = redis.Sample;
        long created = redis.Use!.Expired + redis.Use.Evicted + Math.Max(0, redis.Keys - (redis.KeysBefore ?? redis.Keys));
        bool isFull = redis.Use.Evicted > 0 && redis.MaxBytes is { } max && redis.UsedBytes >= max * FullShare;
        double? cameBack = sample is { Ended: >= EnoughEnded } ? (double)sample.CameBack / sample.Ended : null;
        if (isFull)
            return [Full(redis, ratio.Value)];
        if (cameBack >= ManyCameBack)
            return [Short(redis, sample!, ratio.Value, cameBack, 0.95)];
        if (cameBack is not > FewCameBack && (sample?.NeverRead >= MostNeverRead || HitsPerKey(redis, created) < 0.5) && !(IsCold(redis) && ratio >= ColdHitRatio))
            return [Specific(redis, sample, ratio.Value, created, sample?.NeverRead >= MostNeverRead ? 0.85 : 0.6)];
        if (sample?.MedianLife <= ShortLife && redis.Use.Expired >= EnoughEnded)
            return [Short(redis, sample, ratio.Value, cameBack, 0.6)];
        return [IsCold(redis) ? Empty(redis, ratio.Value) : Unexplained(redis, ratio.Value)];
    }

    private static (double? Ratio, long Reads) HitRatio(Evidence evidence) =>
        evidence.Fleet is { Cache.Answers: >= EnoughReads } fleet
            ? (fleet.Cache.HitRatio, fleet.Cache.Answers)
            : (evidence.Redis?.HitRatio, (evidence.Redis?.Use?.Hits + evidence.Redis?.Use?.Misses) ?? 0);

    private static double? HitsPerKey(RedisEvidence redis, long created) =>
        created >= EnoughReads && redis.Use!.Hits is { } hits ? (double)hits / created : null;

    private static bool IsCold(RedisEvidence redis) =>
        redis.Uptime < JustStarted || IsEmptied(redis) || (redis.KeysBefore is { } before && before * 2 < redis.Keys && before < 1_000);

    /// <summary>Most keys went, and neither their lives nor a lack of room explain it.</summary>
    private static bool IsEmptied(RedisEvidence redis) =>
        redis.KeysBefore is >= EnoughKeys and { } before && before - redis.Keys - redis.Use!.Expired - redis.Use.Evicted >= before * MostKeys;

    private static Severity SeverityOf(double ratio) =>
        ratio < VeryLowHitRatio ? Severity.High : ratio < LowHitRatio ? Severity.Medium : Severity.Low;

    private static Measurement Ratio(double ratio) => new("hit ratio", ratio * 100, "%", LowHitRatio * 100);

    private static Finding Short(RedisEvidence redis, KeySampleEvidence sample, double ratio, double? cameBack, double confidence) => new(
        TtlTooShort,
        sample.Pattern,
        SeverityOf(ratio),
        confidence,
        $"Entries such as {sample.Pattern} end before they are asked for again: half of them have less than {Phrase.Of(sample.MedianLife ?? TimeSpan.Zero)} to live.",
        [
            Ratio(ratio),
            new("time left to an entry, in the middle", sample.MedianLife?.TotalSeconds ?? 0, "s", ShortLife.TotalSeconds),
            new("entries that ended", redis.Use!.Expired),
            .. cameBack is { } share ? [new Measurement("of those looked at, written again", share * 100, "%", ManyCameBack * 100)] : Array.Empty<Measurement>(),
        ],
        "The same rows are read from the database again and again.",
        new Remedy("Let them live longer. What changes is invalidated by writes, so that a long life makes nothing older.", [], "Cache:ProductLife"),
        "The hit ratio is above 80 % in the next report.");

    private static Finding Specific(RedisEvidence redis, KeySampleEvidence? sample, double ratio, long created, double confidence) => new(
        KeysTooSpecific,
        sample?.Pattern ?? "keys",
        SeverityOf(ratio),
        confidence,
        $"Most entries{(sample is null ? "" : $" such as {sample.Pattern}")} are never read after they were written: their keys say more than the answer depends on.",
        [
            Ratio(ratio),
            .. sample?.NeverRead is { } never ? [new Measurement("entries never read", never * 100, "%", MostNeverRead * 100)] : Array.Empty<Measurement>(),
            new("entries written", created),
            new("hits", redis.Use!.Hits ?? 0),
            new("keys", redis.Keys),
        ],
        "The cache costs a write for each miss and gives nothing back; what is worth keeping makes room for it.",
        new Remedy(
            "Take out of the key what does not change the answer: times, request ids, the order of parameters, who asks. "
                + (sample is null ? "" : $"{Quantity.Percent(sample.PatternShare)} of the keys look like {sample.Pattern}.")),
        "The number of keys grows more slowly than the number of reads, and the hit ratio is above 80 %.");

    private static Finding Full(RedisEvidence redis, double ratio) => new(
        TooSmall,
        "Redis",
        SeverityOf(ratio),
        0.9,
        $"Redis is full, and has put out {Quantity.Number(redis.Use!.Evicted)} entries before their time.",
        [
            Ratio(ratio),
            new("entries put out", redis.Use.Evicted, "", 1),
            new("memory used", redis.UsedBytes, "bytes", redis.MaxBytes!.Value * FullShare),
            new("memory at most", redis.MaxBytes.Value, "bytes"),
        ],
        "Entries that would have been hits are read from the database.",
        new Remedy("Take a larger size, keep large or rarely read entries for a shorter time, or prefer what is read often.", [], "maxmemory; maxmemory-policy"),
        "evicted_keys does not grow any more.");

    private static Finding Empty(RedisEvidence redis, double ratio) => new(
        Cold,
        "Redis",
        // It mends itself; nobody need be called.
        ratio < LowHitRatio ? Severity.Medium : Severity.Low,
        0.7,
        IsEmptied(redis)
            ? $"Redis was emptied: of {Quantity.Number(redis.KeysBefore!.Value)} keys {Quantity.Number(redis.Keys)} are there, and few have run out."
            : $"The cache is being filled: Redis has run for {Phrase.Of(redis.Uptime)} and holds {Quantity.Number(redis.Keys)} keys.",
        [Ratio(ratio), new("keys", redis.Keys), .. redis.KeysBefore is { } before ? [new Measurement("keys before", before)] : Array.Empty<Measurement>()],
        "Until it is full the database answers what the cache will answer later.",
        new Remedy("See that WarmPopularProducts runs after Redis was emptied or failed over; keep a replica of Redis.", [], "WarmPopularProductsSchedule"),
        "The hit ratio grows from report to report.");

    private static Finding Unexplained(RedisEvidence redis, double ratio) => new(
        NotEffective,
        "cache",
        Severity.Medium,
        0.5,
        $"Only {Quantity.Percent(ratio)} of the reads are hits, and the keys do not tell why.",
        [Ratio(ratio), new("keys", redis.Keys), new("entries that ended", redis.Use!.Expired), new("entries put out", redis.Use.Evicted)],
        "The database answers what the cache should.",
        new Remedy("See by kind which reads miss (tbyte.cache.read.duration by cache.kind and cache.outcome)."),
        "The hit ratio is above 80 % in the next report.");
}
