using TByte.Functions.Diagnosis.Reports;

namespace TByte.Functions.Diagnosis;

/// <summary>So much is written that checkpoints come before their time.</summary>
internal static class CheckpointRule
{
    public const string Name = "checkpoints";

    private const long ManyCheckpoints = 2;
    private const long EnoughWal = 4L << 30;
    private const int Larger = 4;

    // PostgreSQL's own checkpoint_timeout: what comes more often is not due to it.
    private static readonly TimeSpan Often = TimeSpan.FromMinutes(5);

    public static IEnumerable<Finding> Judge(Evidence evidence) =>
        from server in evidence.Reachable
        where !server.IsInRecovery && server.Window > TimeSpan.Zero && server.Database is not null
        let database = server.Database
        where database.Use.Checkpoints >= ManyCheckpoints && server.Window <= Often * database.Use.Checkpoints.Value
        select new Finding(
            Name,
            server.Name,
            Severity.Medium,
            0.9,
            $"{Quantity.Number(database.Use.Checkpoints!.Value)} checkpoints of {server.Name} came before their time, within {Phrase.Of(server.Window)}.",
            [
                new("checkpoints before their time", database.Use.Checkpoints.Value, "", ManyCheckpoints),
                new("within", server.Window.TotalSeconds, "s"),
                new("log until one comes", database.MaxWalBytes, "bytes"),
            ],
            "Each writes all changed pages to the disk at once, and afterwards the first change of every page is logged with the whole page.",
            new Remedy(
                "Allow more log between checkpoints, and look for what writes so much.",
                [$"alter system set max_wal_size = '{Math.Max(EnoughWal, database.MaxWalBytes * Larger) >> 20}MB'", "select pg_reload_conf()"],
                "max_wal_size"),
            "The number of requested checkpoints stays as it is between two reports.");
}
