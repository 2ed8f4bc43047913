using System.Diagnostics;
using System.Globalization;
using TByte.Functions.Diagnosis;
using TByte.Functions.Diagnosis.Reports;
using TByte.Functions.Load;
using TByte.Functions.Testing.Postgres;

namespace TByte.Functions.Faults;

/// <summary>
/// A shop with a million orders has lost its indexes: what the diagnosis proposes, what it brings to create that under load, beside the
/// indexes that the shop was designed with, and what is left of builds that are killed.
/// </summary>
internal static class MissingIndexes
{
    private const int Repeats = 3;
    private const int MostRuns = 10;

    private static readonly TimeSpan Watch = TimeSpan.FromSeconds(10);

    public static async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        await using IncidentShop shop = await IncidentShop.StartAsync(older: null, cancellationToken);
        List<Finding> findings = [.. await ComparedAsync(shop, cancellationToken), .. await new BuildKiller(shop).RunAsync(cancellationToken)];
        if (OlderPostgres.Find() is { } older)
        {
            await using IncidentShop olderShop = await IncidentShop.StartAsync(older, cancellationToken);
            await using ServiceProvider proposes = Compose(olderShop, applies: false);
            findings.AddRange(Proposals(
                $"PostgreSQL {older.Version}, HypoPG", await UnderLoadAsync(olderShop, () => DiagnoseAsync(proposes, cancellationToken), cancellationToken)));
        }

        return findings;
    }

    private static async Task<IReadOnlyList<Finding>> ComparedAsync(IncidentShop shop, CancellationToken cancellationToken)
    {
        double without = await MedianAsync(shop, cancellationToken);
        await using ServiceProvider proposes = Compose(shop, applies: false);
        List<Finding> findings =
        [
            .. Proposals("arithmetic", await UnderLoadAsync(shop, () => DiagnoseAsync(proposes, cancellationToken), cancellationToken)),
        ];

        await using ServiceProvider applies = Compose(shop, applies: true);
        int runs = 0;
        Stopwatch watch = Stopwatch.StartNew();
        int failed = shop.Failed, sent = shop.Sent;
        await UnderLoadAsync(
            shop,
            async () =>
            {
                DiagnosisReport report;
                do
                {
                    report = await DiagnoseAsync(applies, cancellationToken);
                    // So that the next run sees a while with what this one has made.
                    await Task.Delay(Watch, cancellationToken);
                }
                while (++runs < MostRuns && Missing(report).Any(static finding => finding is { Severity: >= Severity.Medium, Confidence: > 0.5 }));
                return report;
            },
            cancellationToken);
        TimeSpan took = watch.Elapsed;
        IReadOnlyList<string> made = await shop.Database.QueryAsync<string>(
            "select indexdef from pg_indexes where schemaname = 'public' and indexname like '%\\_tb'", cancellationToken);
        findings.AddRange(made.Select(static index => new Finding("created under load", Place(index))));
        findings.Add(new($"time of {runs} runs that created them", string.Create(CultureInfo.InvariantCulture, $"{took.TotalSeconds:0} s")));
        findings.Add(Finding.Count(
            string.Create(CultureInfo.InvariantCulture, $"calls that failed meanwhile, of {shop.Sent - sent:N0}"), shop.Failed - failed, 0));

        await shop.Database.ExecuteAsync("vacuum analyze", cancellationToken);
        double proposed = await MedianAsync(shop, cancellationToken);
        await shop.Database.DropIndexesAsync(cancellationToken);
        foreach (string index in shop.Database.DesignedIndexes)
            await shop.Database.ExecuteAsync(index, cancellationToken);
        await shop.Database.ExecuteAsync("vacuum analyze", cancellationToken);
        double designed = await MedianAsync(shop, cancellationToken);
        await shop.Database.DropIndexesAsync(cancellationToken);
        return
        [
            .. findings,
            Finding.Milliseconds($"statements of the same calls, median of {Repeats}: no index", without),
            Finding.Milliseconds("the same: with the indexes that were created", proposed, without),
            Finding.Milliseconds("the same: with the shop's own", designed),
        ];
    }

    private static async Task<double> MedianAsync(IncidentShop shop, CancellationToken cancellationToken)
    {
        // The first time fills the server's buffers.
        await shop.MeasureAsync(cancellationToken);
        List<double> all = [];
        for (int i = 0; i < Repeats; i++)
            all.Add(await shop.MeasureAsync(cancellationToken));
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{all.Min():0} to {all.Max():0} ms"));
        return all.Median();
    }

    private static async Task<DiagnosisReport> UnderLoadAsync(IncidentShop shop, Func<Task<DiagnosisReport>> run, CancellationToken cancellationToken)
    {
        using CancellationTokenSource done = new();
        Task load = shop.LoadAsync(done.Token, cancellationToken);
        try
        {
            return await run();
        }
        finally
        {
            await done.CancelAsync();
            await load;
        }
    }

    /// <summary>The maintenance app's services.</summary>
    private static ServiceProvider Compose(IncidentShop shop, bool applies) => new ServiceCollection()
        .AddSingleton<IConfiguration>(new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Postgres:Primary"] = shop.Database.ConnectionString,
            ["Maintenance:Watch"] = Watch.ToString(),
            ["Maintenance:ApplyIndexes"] = applies.ToString(),
        }).Build())
        .AddLogging(static logging => logging.AddSimpleConsole(static format => format.SingleLine = true)
            .AddConsole(static console => console.LogToStandardErrorThreshold = LogLevel.Trace))
        .AddDiagnosis()
        .BuildServiceProvider();

    private static async Task<DiagnosisReport> DiagnoseAsync(ServiceProvider app, CancellationToken cancellationToken)
    {
        await app.GetRequiredService<DiagnosisJob>().RunAsync(isPastDue: false, cancellationToken);
        return ReportJson.ReadReport((await app.GetRequiredService<ReportStore>().ReadLatestAsync(ReportFormat.Json, cancellationToken))!);
    }

    private static IEnumerable<Finding> Proposals(string proof, DiagnosisReport report) => Missing(report).Select(finding => new Finding(
        $"proposed ({proof}), {finding.Severity.ToString().ToLowerInvariant()}, saves {finding.Evidence[0].Value:0} %", Place(finding.Remedy.Sql[0])));

    // Names are long, and made of the same words.
    private static string Place(string createIndex) => createIndex[(createIndex.IndexOf(" on ", StringComparison.OrdinalIgnoreCase) + 4)..];

    private static IEnumerable<TByte.Functions.Diagnosis.Finding> Missing(DiagnosisReport report) =>
        report.Findings.Where(static finding => finding.Rule == "missing-index");
}
