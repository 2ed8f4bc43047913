namespace TByte.Functions.Diagnosis.Reports.Terminal;

/// <summary>All but the findings: servers, statements, caches, trends and what could not be seen.</summary>
internal static class OverviewText
{
    private const int MostOfName = 40;
    private const int MostRows = 50;
    private const int QueryTextIndent = 32;

    public static void Write(TextPage text, DiagnosisReport report)
    {
        text.Heading("Database servers");
        foreach (ServerSummary server in report.Servers.Take(MostRows))
            text.Labelled($"  {VisibleText.Line(server.Name, MostOfName),-18}  ", OfServer(server));

        WriteQueries(text, report);
        if (report.Cache is { } cache)
        {
            text.Heading("Caches");
            text.Paragraph(OfCache(cache), indent: 2);
        }
        WriteTrend(text, report.History);
        WriteNotSeen(text, report.NotSeen);
    }

    private static string OfServer(ServerSummary server)
    {
        if (server.Problem is { } problem)
            return $"{VisibleText.Line(server.Role, MostOfName)}, could not be asked: {VisibleText.Line(problem, VisibleText.MostOfSentence)}";

        IEnumerable<string> parts =
        [
            VisibleText.Line(server.Role, MostOfName),
            .. Known(server.Version, version => $"PostgreSQL {VisibleText.Line(version, MostOfName)}"),
            .. Known(server.DatabaseBytes, bytes => Quantity.Bytes(bytes)),
            .. Known(server.Connections, open => $"{Quantity.Number(open)} of {Quantity.Number(server.MaxConnections)} connections"),
            .. Known(server.LagMs, lag => $"{Quantity.Milliseconds(lag)} behind"),
            .. Known(server.BusyShare, share => $"{Quantity.Number(share)} statements at once"),
        ];
        return string.Join(", ", parts);
    }

    private static void WriteQueries(TextPage text, DiagnosisReport report)
    {
        if (report.Queries.Count == 0)
            return;

        text.Heading($"Slowest queries in {Quantity.Window(report.Window)}");
        text.Line($"  {"share",7}  {"mean",8}  {"calls",9}  statement", TextStyle.Quiet);
        foreach (QuerySummary query in report.Queries.Take(MostRows))
        {
            string statement = VisibleText.Start(VisibleText.Line(query.Text, VisibleText.MostOfStatement), text.Width - QueryTextIndent);
            text.Line($"  {Quantity.Percent(query.Share),7}  {Quantity.Milliseconds(query.MeanMs),8}  {query.Calls,9:N0}  {statement}");
        }
    }

    private static string OfCache(CacheSummary cache) => string.Join(", ", (IEnumerable<string>)
    [
        $"reads answered by a cache: {Quantity.Percent(cache.HitRatio)}",
        $"from memory: {Quantity.Percent(cache.MemoryHitRatio)}",
        $"hits by Redis' own count: {Quantity.Percent(cache.RedisHitRatio)}",
        $"Redis uses {Quantity.Bytes(cache.UsedBytes)}{(cache.MaxBytes is { } most ? $" of {Quantity.Bytes(most)}" : "")}",
    ]);

    private static void WriteTrend(TextPage text, IReadOnlyList<HistoryPoint> history)
    {
        if (history.Count < 2)
            return;

        HistoryPoint first = history[0], last = history[^1];
        text.Heading($"Since {Quantity.Time(first.At)} ({history.Count} runs)");
        Change("Database size", first.DatabaseBytes, last.DatabaseBytes, value => Quantity.Bytes(value));
        Change("Connections", first.Connections, last.Connections, value => Quantity.Number(value));
        Change("Mean query time", first.MeanQueryMs, last.MeanQueryMs, value => Quantity.Milliseconds(value));
        Change("Cache hits", first.HitRatio, last.HitRatio, value => Quantity.Percent(value));

        void Change(string name, double? before, double? now, Func<double?, string> format) =>
            text.Line($"  {name,-20}{format(before)} → {format(now)}");
    }

    private static void WriteNotSeen(TextPage text, IReadOnlyList<NotSeen> notSeen)
    {
        if (notSeen.Count == 0)
            return;

        text.Heading("What could not be seen");
        foreach (NotSeen hidden in notSeen.Take(MostRows))
        {
            text.Paragraph($"{VisibleText.Line(hidden.Subject, VisibleText.MostOfSentence)}: {hidden.Reason}", indent: 2);
            if (hidden.Grant is { } grant)
                text.Code(ReportStatement.Ended(grant), indent: 4);
        }
    }

    private static IEnumerable<string> Known(string? value, Func<string, string> text) => value is null ? [] : [text(value)];

    private static IEnumerable<string> Known<T>(T? value, Func<T, string> text)
        where T : struct => value is { } known ? [text(known)] : [];
}
