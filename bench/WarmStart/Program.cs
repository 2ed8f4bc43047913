using TByte.Functions.Load;
using TByte.Functions.LocalHost.Data;
using TByte.Functions.LocalHost.Data.Sales;
using TByte.Functions.Testing.Postgres;
using TByte.Functions.Testing.Redis;
using TByte.Functions.WarmStart;

const int Reads = 1_000;
int[] sizes = [100, 1_000];

if (!Arguments.TryRead(args, out Arguments? arguments))
{
    Console.Error.WriteLine(Arguments.Usage);
    return 2;
}

using CancellationTokenSource stop = new();
Console.CancelKeyPress += (_, key) =>
{
    key.Cancel = true;
    stop.Cancel();
};

MeasurementPlan plan = new(
    [
        new Variant(Rule.Nothing, 0),
        new Variant(Rule.Fixed, 100),
        .. sizes.SelectMany(static products => new Variant[] { new(Rule.AllTime, products), new(Rule.Recent, products) }),
    ],
    arguments.Points,
    Reads,
    Alone: new Variant(Rule.Recent, sizes[^1]));

try
{
    IReadOnlyList<ProductRead> reads = ProductRead.OfSales(SalesImport.ReadFile(arguments.Data, progress: null, stop.Token).Shop);
    if (reads.Count < plan.ReadsAfter + plan.Points)
    {
        throw new SeedException(
            $"{arguments.Data} holds {reads.Count:N0} sales; {plan.Points} points need {plan.ReadsAfter + plan.Points:N0}.");
    }

    if (arguments.Picture is { } wanted && !Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(wanted))))
        throw new SeedException($"There is no directory for {Path.GetFullPath(wanted)}.");

    await using TestPostgres postgres = await TestPostgres.StartAsync(stop.Token);
    await using TestRedis redis = await TestRedis.StartAsync(stop.Token);
    string database = await postgres.CreateDatabaseAsync(ShopContents.Schema, stop.Token);
    await new Seeder().SeedAsync(database, new SeedOptions { SalesFile = arguments.Data }, progress: null, stop.Token);

    Backends backends = new(database, redis);
    Measurement measurement = await new RestartRun(reads, plan, backends, Console.Error.WriteLine).RunAsync(stop.Token);
    IReadOnlyList<Verdict> verdicts = Verdict.Of(measurement, sizes);
    Console.WriteLine(MachineFacts.Describe());
    Console.WriteLine();
    Console.WriteLine(Report.Describe(measurement, plan));
    Console.WriteLine(Verdict.Table(verdicts));
    if (arguments.Picture is { } picture)
        await File.WriteAllTextAsync(picture, Picture.Draw(measurement, plan), stop.Token);
    return verdicts.All(static verdict => verdict.IsMet) ? 0 : 1;
}
catch (SeedException failure)
{
    Console.Error.WriteLine(failure.Message);
    return 2;
}
