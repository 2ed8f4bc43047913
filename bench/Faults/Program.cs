using TByte.Functions.Faults;
using TByte.Functions.Load;
using TByte.Functions.LocalHost.Hosting;
using TByte.Functions.Resilience;

if (args is [ServeVerb.Name, _])
{
    LocalFunctionAppOptions options = new() { Settings = await ServeVerb.ReadSettingsAsync(), ReadEnvironment = false };
    await using LocalFunctionApp app = await LocalFunctionApp.StartAsync(FunctionApps.Api, options, CancellationToken.None);
    BreakerAdoption.Announce(app.Services.GetRequiredService<CircuitAgents>());
    await ServeVerb.ServeAsync(app.Address);
    return 0;
}

Dictionary<string, Func<CancellationToken, Task<IReadOnlyList<Finding>>>> runs = new()
{
    ["propagation"] = Propagation.RunAsync,
    ["redis"] = RedisOutage.RunAsync,
    ["postgres"] = PostgresOutage.RunAsync,
    ["breaker"] = BreakerSpread.RunAsync,
    ["heavy"] = HeavyQueries.RunAsync,
    ["limits"] = RateLimits.RunAsync,
    ["views"] = ProductViews.RunAsync,
    ["indexes"] = MissingIndexes.RunAsync,
};
string[] chosen = args is [] or ["all"] ? [.. runs.Keys] : args;
if (Array.Exists(chosen, name => !runs.ContainsKey(name)))
{
    Console.Error.WriteLine("propagation | redis | postgres | breaker | heavy | limits | views | indexes | all");
    return 2;
}

using CancellationTokenSource stop = new();
Console.CancelKeyPress += (_, key) =>
{
    key.Cancel = true;
    stop.Cancel();
};

bool countsHold = true;
Console.WriteLine(MachineFacts.Describe());
foreach (string name in chosen)
{
    IReadOnlyList<Finding> findings = await runs[name](stop.Token);
    Console.WriteLine();
    Console.WriteLine($"## {name}");
    Console.WriteLine();
    Console.WriteLine(Finding.Table(findings));
    countsHold &= !findings.Any(finding => finding is { IsCount: true, IsMet: false });
}

return countsHold ? 0 : 1;
