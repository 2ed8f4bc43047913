using System.Globalization;
using TByte.Functions.Load;
using TByte.Functions.SideBySide;
using TByte.Functions.SideBySide.Servers;

if (args is [ServeVerb.Name, var server])
{
    await ServerVerb.RunAsync(server);
    return 0;
}

if (!Arguments.TryRead(args, out Arguments? arguments))
{
    Console.Error.WriteLine("[product] [order] [order-with-token] [redis-floor] [limits] [telemetry] [product-hybrid] [product-fusion] [--rounds N] [--requests N] [--connections N]");
    return 2;
}

using CancellationTokenSource stop = new();
Console.CancelKeyPress += (_, key) =>
{
    key.Cancel = true;
    stop.Cancel();
};

await using Backends backends = await Backends.StartAsync(stop.Token);
IReadOnlyList<Pair> pairs = Pairs.All(backends.Settings, backends.TelemetrySettings, await ProductBody.ReadAsync(backends.Settings, stop.Token));
List<PairResult> results = [];
foreach (Pair pair in pairs.Where(pair => arguments.Pairs.Count == 0 || arguments.Pairs.Contains(pair.Name)))
    results.Add(await pair.MeasureAsync(arguments.Plan, stop.Token));

ReportTable table = new("subject", "us", "reference", "us", "ratio", "least", "most", "bound");
foreach (PairResult result in results)
    table.Add(result.Cells());

Console.WriteLine(MachineFacts.Describe());
Console.WriteLine(string.Create(
    CultureInfo.InvariantCulture,
    $"Processor time of the server for a request; medians of {arguments.Plan.Rounds} rounds of {arguments.Plan.Requests} requests, {arguments.Plan.Connections} connections; ratio of each round's two."));
Console.WriteLine();
Console.WriteLine(table);
return results.TrueForAll(result => result.IsMet) ? 0 : 1;
