using System.Diagnostics;
using TByte.Functions.IncidentReplay.Reports;
using TByte.Functions.IncidentReplay.Reports.Replay;
using TByte.Functions.IncidentReplay.Shop;
using TByte.Functions.IncidentReplay.Target;
using TByte.Functions.IncidentReplay.Traffic;
using TByte.Functions.Testing.Postgres;

namespace TByte.Functions.IncidentReplay.Replaying.Outages;

/// <summary>Many clients ask all instances at the same time for a product that nobody has asked for before.</summary>
internal sealed class Stampede(Stage stage)
{
    private const int Clients = 300;
    private const string Statement = "select id, sku,%from products where id = $1";

    private const string CallsSql =
        $"select coalesce(sum(calls), 0)::bigint from pg_stat_statements where query like '{Statement}'";

    private const string NewProductSql = """
        insert into products (sku, name, description, price, category_id, available)
        select 'STAMPEDE-' || count(*), 'New today', 'Everybody wants it', 9.99, 1, true from products
        """;

    public async Task<Outage> RunAsync(RunningShop shop, CancellationToken cancellationToken)
    {
        stage.Say($"{Clients} clients ask for a new product at once ...");
        await stage.Servers.ExecuteAsync(NewProductSql, cancellationToken);
        await stage.Servers.CatchUpAsync(cancellationToken);
        long id = (await IncidentServers.QueryAsync(
            stage.Servers.Postgres.Primary, "select max(id) from products", static row => row.GetInt64(0), cancellationToken))[0];

        long before = await CallsAsync(cancellationToken);
        (Answer Answer, double Milliseconds)[] answers = await AskAsync(shop, id, cancellationToken);
        long queries = await CallsAsync(cancellationToken) - before;

        int answered = answers.Count(static answer => answer.Answer.Status == 200);
        return new Outage(
            "A stampede on a cold key",
            $"{Clients} clients ask {shop.Instances.Count} instances at the same time for a product that was made a moment ago and is in no cache.",
            Run: null,
            Marks: [],
            [
                new("queries that reach the database, all servers together", $"{queries:N0}", "1", queries == 1),
                new("answered with 200", $"{answered:N0} of {Clients:N0}", $"{Clients:N0}", answered == Clients),
                new("the slowest answer", Milliseconds.Text(answers.Max(static answer => answer.Milliseconds)), "", true),
            ]);
    }

    private static async Task<(Answer Answer, double Milliseconds)[]> AskAsync(RunningShop shop, long id, CancellationToken cancellationToken)
    {
        using TargetClient client = new(shop.Origins, new LoadOptions { MostUnderWay = Clients });
        Visitors visitors = new(Clients);
        return await Task.WhenAll(Enumerable.Range(0, Clients).Select(i => Task.Run(
            async () =>
            {
                long began = Stopwatch.GetTimestamp();
                Answer answer = await client.SendAsync(ShopRequest.Product(id) with { Visitor = visitors.Guest(i) }, cancellationToken);
                return (answer, Stopwatch.GetElapsedTime(began).TotalMilliseconds);
            },
            cancellationToken)));
    }

    private async Task<long> CallsAsync(CancellationToken cancellationToken)
    {
        long calls = 0;
        foreach (TestPostgresServer server in stage.Servers.Databases)
            calls += (await IncidentServers.QueryAsync(server, CallsSql, static row => row.GetInt64(0), cancellationToken))[0];
        return calls;
    }
}
