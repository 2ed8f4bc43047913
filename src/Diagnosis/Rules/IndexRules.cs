using TByte.Functions.Diagnosis.Reports;

namespace TByte.Functions.Diagnosis;

/// <summary>Indexes that cost more than they give.</summary>
internal static class IndexRules
{
    public const string Unused = "unused-index";
    public const string Duplicate = "duplicate-index";
    public const string Invalid = "invalid-index";
    public const string Bloated = "bloated-index";

    private const long SmallIndex = 80 * 1024;
    private const long ScansOfOthers = 1_000;
    private const long LargeIndex = 8 * 1024 * 1024;
    private const double Bloat = 2;

    private static readonly TimeSpan LongEnough = TimeSpan.FromDays(7);

    /// <summary>Counters are per server: an index that only replicas read looks unused on the primary.</summary>
    public static IEnumerable<Finding> JudgeUnused(Evidence evidence)
    {
        if (evidence.Servers.Any(static server => server.Problem is not null || server.Indexes is null || server.Tables is null))
            yield break;

        TimeSpan watched = evidence.Servers.Min(server => evidence.At - (server.Database?.CountedSince ?? evidence.At));
        foreach (IndexUse index in evidence.Primary.Indexes!)
        {
            if (index.IsUnique || index.IsNeeded || !index.IsValid || index.Bytes < SmallIndex || ScansOf(index.Name) > 0 || OthersOf(index.Table) < ScansOfOthers)
                continue;

            yield return new Finding(
                Unused,
                index.Name,
                Severity.Low,
                watched >= LongEnough ? 0.9 : watched >= TimeSpan.FromDays(1) ? 0.7 : 0.4,
                $"The index {index.Name} of {index.Table} has not been used on any server for {Phrase.Of(watched)}.",
                [
                    new("scans of it on all servers", 0, "", 1),
                    new("scans of the table's other indexes", OthersOf(index.Table), "", ScansOfOthers),
                    new("watched for", watched.TotalDays, "days", LongEnough.TotalDays),
                    new("size", index.Bytes, "bytes", SmallIndex),
                ],
                "Every write keeps it up to date, and it takes memory from what is used.",
                new Remedy(
                    watched >= LongEnough ? "Drop it." : "Drop it if it is still unused after a week, month-end included.",
                    [$"drop index concurrently {index.Name}", $"-- to have it back: {index.Definition}"]),
                "No statement has become slower in the next reports.");
        }

        long ScansOf(string name) => evidence.Servers.Sum(server => server.Indexes!.FirstOrDefault(index => index.Name == name)?.Scans ?? 0);
        long OthersOf(string table) => evidence.Servers.Sum(server => server.Indexes!.Where(index => index.Table == table).Sum(static index => index.Scans));
    }

    public static IEnumerable<Finding> JudgeDuplicates(Evidence evidence)
    {
        IReadOnlyList<IndexUse> indexes = [.. (evidence.Primary.Indexes ?? []).Where(static index => index.IsValid)];
        foreach (IndexUse index in indexes.Where(static index => !index.IsUnique && !index.IsNeeded))
        {
            IndexUse? better = indexes.Where(other => other != index && other.Covers(index) && IsToKeep(other, index)).MaxBy(other => index.Covers(other));
            if (better is null)
                continue;

            bool isSame = index.Covers(better);
            yield return new Finding(
                Duplicate,
                index.Name,
                isSame ? Severity.Medium : Severity.Low,
                isSame ? 0.95 : 0.8,
                isSame
                    ? $"The index {index.Name} of {index.Table} does what {better.Name} does."
                    : $"The index {index.Name} of {index.Table} is the beginning of {better.Name}, which can serve in its place.",
                [new("size", index.Bytes, "bytes"), new("size of the other one", better.Bytes, "bytes"), new("scans of it", index.Scans)],
                "Every write keeps both up to date.",
                new Remedy("Drop it.", [$"drop index concurrently {index.Name}", $"-- to have it back: {index.Definition}"]),
                $"Statements that used it use {better.Name}.");
        }
    }

    public static IEnumerable<Finding> JudgeInvalid(Evidence evidence) =>
        from index in evidence.Primary.Indexes ?? []
        where !index.IsValid && !index.IsBuilding
        select new Finding(
            Invalid,
            index.Name,
            Severity.Medium,
            0.95,
            $"The index {index.Name} of {index.Table} is invalid: its creation was broken off.",
            [new("invalid indexes", 1, "", 1), new("size", index.Bytes, "bytes")],
            "Writes keep it up to date, but no statement uses it.",
            new Remedy(
                index.IsUnique ? "Remove the rows that are there twice, if any, and make it anew; or drop it." : "Make it anew, or drop it.",
                [$"reindex index concurrently {index.Name}", $"-- or: drop index concurrently {index.Name}"]),
            "pg_index.indisvalid is true, or it is gone.");

    public static IEnumerable<Finding> JudgeBloat(Evidence evidence) =>
        from index in evidence.Primary.Indexes ?? []
        where index.IsValid && index.FreshBytes is { } fresh && index.Bytes >= LargeIndex && index.Bytes >= fresh * Bloat
        select new Finding(
            Bloated,
            index.Name,
            index.Bytes >= index.FreshBytes * Bloat * 2 ? Severity.Medium : Severity.Low,
            0.7,
            $"The index {index.Name} of {index.Table} is {Quantity.Number((double)index.Bytes / index.FreshBytes!.Value)} times as large as it would be if it were made anew.",
            [new("size", index.Bytes, "bytes", index.FreshBytes * Bloat), new("size if made anew, estimated", index.FreshBytes.Value, "bytes")],
            "Scans read more pages, and these take memory from others.",
            new Remedy("Make it anew; readers and writers go on meanwhile.", $"reindex index concurrently {index.Name}"),
            "Its size is near the estimate.");

    /// <summary>Of two that can stand in for each other one is kept: the one that has to be, else the first by name.</summary>
    private static bool IsToKeep(IndexUse other, IndexUse index) =>
        !index.Covers(other) || other.IsUnique || other.IsNeeded || string.CompareOrdinal(other.Name, index.Name) < 0;
}
