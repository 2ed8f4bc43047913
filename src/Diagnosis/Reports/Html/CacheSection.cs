namespace TByte.Functions.Diagnosis.Reports.Html;

/// <summary>The caches.</summary>
internal static class CacheSection
{
    public static void Write(HtmlWriter html, DiagnosisReport report)
    {
        using (html.In("section", ("aria-labelledby", "caches")))
        {
            html.Add("h2", "Caches", ("id", "caches"));
            if (report.Cache is not { } cache)
            {
                html.Add("p", "Nothing is known of the caches.", ("class", "note"));
                return;
            }

            using (html.In("dl", ("class", "tiles plain")))
            {
                Tile.Write(html, "Reads answered by a cache", Quantity.Percent(cache.HitRatio));
                Tile.Write(html, "Reads answered from memory", Quantity.Percent(cache.MemoryHitRatio));
                Tile.Write(html, "Hits by Redis’ own count", Quantity.Percent(cache.RedisHitRatio));
                Tile.Write(html, "Memory that Redis uses", Quantity.Bytes(cache.UsedBytes), Bound(cache));
            }
        }
    }

    private static string? Bound(CacheSummary cache) => cache switch
    {
        { UsedBytes: null } => null,
        { MaxBytes: { } most } => $"of {Quantity.Bytes(most)}",
        _ => "not bounded",
    };
}
