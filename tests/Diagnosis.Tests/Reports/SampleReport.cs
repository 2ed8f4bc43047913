namespace TByte.Functions.Diagnosis.Tests.Reports;

/// <summary>A report as a bad day makes it.</summary>
internal static class SampleReport
{
    public static readonly DateTimeOffset At = new(2026, 3, 14, 9, 26, 53, TimeSpan.Zero);

    public static DiagnosisReport Create() => new(
        At,
        TimeSpan.FromSeconds(11.4),
        TimeSpan.FromMinutes(15),
        SampleFindings.All,
        [
            new("postgres-primary", "primary", null, "18.4", 13_314_398_618, 184, 197, null, 6.72),
            new("postgres-replica-1", "replica", null, "18.4", 13_314_398_618, 41, 197, 840, 1.1),
            new("postgres-replica-2", "replica", "no connection within 5 s"),
        ],
        [
            new("postgres-primary", OrderList, 184_211, 412.7, 0.61),
            new("postgres-primary", "select p.id, p.name, p.price from products p where p.category_id = $1 and p.available order by p.price, p.id limit $2", 96_018, 88.4, 0.132),
            new("postgres-primary", "update products set view_count = view_count + $2 where id = $1", 1_204_551, 3.27, 0.061),
            new("postgres-replica-1", "select id, sku, name, description, price, category_id, available, version, updated_at from products where id = $1", 2_911_004, 0.42, 0.22),
            new("postgres-primary", "select sum(total_amount) from orders where created_at >= $1 and created_at < $2 group by status", 12, 18_233, 0.0035),
        ],
        new CacheSummary(0.094, 0.041, 0.0612, 498_073_600, 536_870_912),
        [
            new("Statements of other users", "The role sees the texts of its own statements only.", "grant pg_read_all_stats to shop_diagnosis"),
            new("Index advice by hypothetical indexes", "The extension hypopg is not installed; proposals are estimated from costs instead.", "create extension hypopg"),
            new("postgres-replica-2", "It did not answer, so nothing of it was looked at."),
        ],
        [.. History(48)]);

    /// <summary>Quarter hours up to now; the database grows, and for two hours nothing could be measured.</summary>
    public static IEnumerable<HistoryPoint> History(int runs)
    {
        for (int i = 0; i < runs; i++)
        {
            bool known = i is < 20 or > 27;
            double day = Math.Sin(i / 7.0);
            yield return new HistoryPoint(
                At.AddMinutes(-15 * (runs - 1 - i)),
                known ? 12_884_901_888 + (i * 9_000_000L) : null,
                known ? 96 + (int)(40 * day) + i : null,
                known ? 42 + (30 * day) + (i > 36 ? (i - 36) * 24 : 0) : null,
                known ? Math.Clamp(0.82 - (i > 36 ? (i - 36) * 0.07 : 0) + (0.05 * day), 0, 1) : null,
                known ? 400_000_000 + (i * 2_000_000L) : null,
                i > 36 ? 2 : 0,
                i > 36 ? 8 : 3);
        }
    }

    private const string OrderList = """
        select o.id, o.user_id, o.status, o.total_amount, o.created_at
          from orders o
         where o.user_id = $1
         order by o.created_at desc, o.id desc
         limit $2
        """;
}
