using System.Diagnostics;
using System.Globalization;
using TByte.Functions.LocalHost.Hosting;
using TByte.Functions.LocalHost.Servers;
using TByte.Functions.LocalHost.Supervision;
using TByte.Functions.Testing;

namespace TByte.Functions.Faults;

/// <summary>
/// Kills, at random moments of a build, in turn the maintenance app and the server's process that builds for it, until an index of the
/// orders has been lost and made anew often enough. The shop is under load all the time.
/// </summary>
internal sealed class BuildKiller(IncidentShop shop)
{
    private const int Kills = 10;

    // About as long as the build takes under load, so that all of its moments come up.
    private static readonly TimeSpan LatestKill = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private const string OurBuildSql =
        "select pid from pg_stat_activity where datname = current_database() and application_name = 'tbyte-functions-index' and query ilike 'create index%orders%' and state = 'active'";

    private const string IndexesSql = """
        select count(*) from pg_index i join pg_class c on c.oid = i.indexrelid
        where c.relname like '%\_tb' and i.indrelid = 'orders'::regclass and i.indisvalid =
        """;

    public async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancellationToken)
    {
        await using AppProcess maintenance = new(FunctionApps.Maintenance, LocalPorts.FindFree(), Settings(), static _ => { });
        await maintenance.RestartAsync(cancellationToken);
        using CancellationTokenSource done = new();
        int failed = shop.Failed, sent = shop.Sent, leftByKill = 0, leftAfterwards = 0, there = 0;
        List<double> again = [];
        Task load = shop.LoadAsync(done.Token, cancellationToken);
        for (int kill = 0; kill < Kills; kill++)
        {
            await BuildsAsync(cancellationToken);
            await Task.Delay(Random.Shared.Next((int)LatestKill.TotalMilliseconds), cancellationToken);
            if (kill % 2 == 0)
                await maintenance.KillAsync();
            else
                await shop.Database.QueryAsync<bool>(OurBuildSql.Replace("pid", "pg_terminate_backend(pid)", StringComparison.Ordinal), cancellationToken);
            Stopwatch watch = Stopwatch.StartNew();
            leftByKill += await CountAsync(valid: false, cancellationToken) > 0 ? 1 : 0;
            if (kill % 2 == 0)
                await maintenance.RestartAsync(cancellationToken);
            await Eventually.HoldsAsync(
                async () => await CountAsync(valid: true, cancellationToken) > 0 && (await BuildersAsync(cancellationToken)).Count == 0,
                "the index is there", cancellationToken, Patience);
            again.Add(watch.Elapsed.TotalSeconds);
            leftAfterwards += (int)await CountAsync(valid: false, cancellationToken);
            there += await CountAsync(valid: true, cancellationToken) > 0 ? 1 : 0;
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"kill {kill + 1}/{Kills}: there again after {again[^1]:0.0} s"));
            await DropAsync(cancellationToken);
        }

        await done.CancelAsync();
        await load;
        return
        [
            new("builds killed, of these with an invalid index at that moment", $"{Kills}, {leftByKill}"),
            new("index there afterwards", $"{there}", $"= {Kills}", there == Kills, IsCount: true),
            Finding.Count("invalid indexes then", leftAfterwards, 0),
            new("from the kill until it is there: longest", string.Create(CultureInfo.InvariantCulture, $"{again.Max():0.0} s")),
            Finding.Count(string.Create(CultureInfo.InvariantCulture, $"calls that failed meanwhile, of {shop.Sent - sent:N0}"), shop.Failed - failed, 0),
        ];
    }

    private Task BuildsAsync(CancellationToken cancellationToken) => Eventually.HoldsAsync(
        async () => (await BuildersAsync(cancellationToken)).Count > 0, "an index of the orders is being built", cancellationToken, Patience);

    private Task<IReadOnlyList<int>> BuildersAsync(CancellationToken cancellationToken) => shop.Database.QueryAsync<int>(OurBuildSql, cancellationToken);

    private async Task<long> CountAsync(bool valid, CancellationToken cancellationToken) =>
        (await shop.Database.QueryAsync<long>($"{IndexesSql} {valid}", cancellationToken))[0];

    private async Task DropAsync(CancellationToken cancellationToken)
    {
        foreach (string name in await shop.Database.QueryAsync<string>(
            "select indexname::text from pg_indexes where tablename = 'orders' and indexname like '%\\_tb'", cancellationToken))
        {
            await shop.Database.ExecuteAsync($"drop index concurrently if exists {name}", cancellationToken);
        }
    }

    private Dictionary<string, string?> Settings() => new()
    {
        ["Postgres__Primary"] = shop.Database.ConnectionString,
        ["Maintenance__Watch"] = "00:00:02",
        ["Maintenance__ApplyIndexes"] = "true",
        ["DiagnoseShopSchedule"] = "* * * * * *",
        ["AZURE_FUNCTIONS_ENVIRONMENT"] = "Production",
        ["Logging__LogLevel__Default"] = "Error",
    };
}
