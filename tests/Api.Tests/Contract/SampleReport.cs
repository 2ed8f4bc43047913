using TByte.Functions.Diagnosis;

namespace TByte.Functions.Api.Tests.Contract;

/// <summary>A report with a bit of everything, and text that would like to be a script.</summary>
internal static class SampleReport
{
    public const string Hostile = "</code><script>alert(1)</script>";

    public static DiagnosisReport Of(DateTimeOffset at) => new(
        at,
        TimeSpan.FromSeconds(11.4),
        TimeSpan.FromMinutes(15),
        [
            new Finding("missing-index", Hostile, Severity.High, 0.9, "No index begins with user_id.", [new("rows read", 21_344, "", 100), new("size", double.NaN, "bytes")],
                "Order lists are slow.", new Remedy("Create it.", "create index concurrently i on orders (user_id)"), "It is used."),
        ],
        [new("postgres-primary", "primary", null, "18.4", 1_000, 10, 97, null, 0.5), new("postgres-replica-1", "replica", "no answer")],
        [new("postgres-primary", Hostile, 12, 400.5, 0.6)],
        new CacheSummary(0.9, null, 0.8, 1_000, null),
        [new NotSeen("texts", "The role may not.", "grant pg_read_all_stats to shop"), new NotSeen("redis", "Not asked.")],
        [new HistoryPoint(at, 1_000, 10, 4.5, 0.9, 1_000, 1, 1), new HistoryPoint(at, null, null, null, null, null, 0, 0)]);
}
