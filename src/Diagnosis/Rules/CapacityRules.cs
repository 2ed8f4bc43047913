using TByte.Functions.Diagnosis.Reports;

namespace TByte.Functions.Diagnosis;

/// <summary>Limits that are near, or will be reached at a date that the trend gives.</summary>
internal static class CapacityRules
{
    public const string Name = "capacity";
    internal const string RedisSubject = "memory of Redis";

    private const double NearlyUsedUp = 0.75;
    private const double AlmostUsedUp = 0.9;
    private const double MostTransactionIds = int.MaxValue;
    private const long HeldBack = 1L << 30;

    public static IEnumerable<Finding> Judge(Evidence evidence, long? storageBytes) =>
        [.. Ids(evidence), .. TransactionIds(evidence), .. Slots(evidence), .. RedisMemory(evidence), .. Storage(evidence, storageBytes), .. Connections(evidence)];

    private static IEnumerable<Finding> Ids(Evidence evidence) =>
        from id in evidence.Primary.Ids
        let share = (double)id.Used / id.Max
        where share >= NearlyUsedUp
        select Of(
            id.Name,
            share,
            $"{Quantity.Percent(share)} of the ids of {id.Name} are used up.",
            [new("last id", id.Used, "", id.Max * NearlyUsedUp), new("largest id", id.Max)],
            "When none is left every insert fails.",
            new Remedy(
                "Widen the column to bigint: add a new column, fill it in batches, swap them in one short transaction. "
                    + "Changing the type in place rewrites the table under a lock."));

    private static IEnumerable<Finding> TransactionIds(Evidence evidence) =>
        evidence.Primary.Database is { } database && database.TransactionAge >= database.FreezeAge * 1.5 && database.TransactionAge >= MostTransactionIds * 0.25
            ? [
                Of(
                    "transaction ids",
                    database.TransactionAge / MostTransactionIds,
                    $"{Quantity.Percent(database.TransactionAge / MostTransactionIds)} of the transaction ids are used: freezing does not keep up.",
                    [new("age of the oldest transaction id", database.TransactionAge, "", database.FreezeAge * 1.5), new("at most", MostTransactionIds)],
                    "At the end the server refuses every write.",
                    new Remedy(
                        "End what holds freezing up (old transactions, prepared ones, replication slots), then vacuum.",
                        ["select datname, age(datfrozenxid) from pg_database order by 2 desc", "vacuum (freeze, verbose)"])),
            ]
            : [];

    private static IEnumerable<Finding> Slots(Evidence evidence) =>
        from slot in evidence.Primary.IdleSlots
        where slot.Bytes >= HeldBack
        select Of(
            slot.Name,
            Math.Min(1, (double)slot.Bytes / (HeldBack * 10)),
            $"The replication slot {slot.Name}, which nobody reads, holds back {Quantity.Bytes(slot.Bytes)} of log.",
            [new("log held back", slot.Bytes, "bytes", HeldBack)],
            "The disk fills up, and then the server stops.",
            new Remedy("Drop the slot if its reader is gone.", $"select pg_drop_replication_slot('{slot.Name.Replace("'", "''", StringComparison.Ordinal)}')"));

    private static IEnumerable<Finding> RedisMemory(Evidence evidence) =>
        evidence.Redis is { Problem: null, MaxBytes: { } max, EvictionPolicy: "noeviction" } redis && redis.UsedBytes >= max * NearlyUsedUp
            ? [
                Of(
                    RedisSubject,
                    (double)redis.UsedBytes / max,
                    $"Redis uses {Quantity.Percent((double)redis.UsedBytes / max)} of its memory and may put nothing out.",
                    [new("memory used", redis.UsedBytes, "bytes", max * NearlyUsedUp), new("at most", max, "bytes")],
                    "When it is full every write is refused, those of the breakers and rate limits too.",
                    new Remedy("Let it put out what has a life, or take a larger size.", [], "maxmemory-policy = volatile-lru")),
            ]
            : [];

    private static IEnumerable<Finding> Storage(Evidence evidence, long? storageBytes)
    {
        if (storageBytes is not { } limit || evidence.Primary.Database?.Bytes is not { } bytes)
            return [];

        DateTimeOffset? full = Trend.ReachedAt(evidence.History.Select(static point => (point.At, (double?)point.DatabaseBytes)), limit);
        return Dated(
            evidence, "storage", bytes, limit, full, "bytes",
            "The server stops taking writes when the disk is full.",
            new Remedy("Make the storage larger, or remove what nobody needs: old orders, unused indexes, dead rows.", [], "Maintenance:StorageBytes states the size"));
    }

    private static IEnumerable<Finding> Connections(Evidence evidence)
    {
        if (evidence.Primary.Sessions is not { } sessions || sessions.Total >= sessions.Max * 0.8)
            return [];

        DateTimeOffset? full = Trend.ReachedAt(evidence.History.Select(static point => (point.At, (double?)point.Connections)), sessions.Max);
        return Dated(
            evidence, "connections", sessions.Total, sessions.Max, full, "",
            "New connections are refused.",
            new Remedy("Make the pools smaller, or put PgBouncer in between, before more instances are added.", [], "Postgres:MaxPoolSize"));
    }

    private static IEnumerable<Finding> Dated(
        Evidence evidence, string what, double used, double limit, DateTimeOffset? full, string unit, string effect, Remedy remedy)
    {
        double share = used / limit;
        bool isSoon = full - evidence.At < TimeSpan.FromDays(30);
        if (share < NearlyUsedUp && !isSoon)
            yield break;

        string date = full is { } at ? $" At this rate it is used up on {at:yyyy-MM-dd}." : "";
        yield return Of(
            what,
            full - evidence.At < TimeSpan.FromDays(3) ? Math.Max(share, AlmostUsedUp) : share,
            $"{Quantity.Percent(share)} of the {what} of {evidence.Primary.Name} is used.{date}",
            [
                new("used", used, unit, limit * NearlyUsedUp),
                new("at most", limit, unit),
                .. full is { } then ? [new Measurement("days until it is used up", (then - evidence.At).TotalDays, "days", 30)] : Array.Empty<Measurement>(),
            ],
            effect,
            remedy);
    }

    private static Finding Of(string subject, double share, string what, IReadOnlyList<Measurement> evidence, string effect, Remedy remedy) => new(
        Name, subject, share >= AlmostUsedUp ? Severity.High : Severity.Medium, 0.9, what, evidence, effect, remedy,
        "The next report does not name it any more.");
}
