using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace TByte.Functions.LocalHost.Tests.Hosting.Apps.Start;

internal sealed class StartScript
{
    public Func<CancellationToken, Task> OnWarmup { get; set; } = _ => Task.CompletedTask;

    public int Started;
}

public class StartFunctions(IServiceProvider services)
{
    private readonly StartScript _script = (StartScript)services.GetService(typeof(StartScript))!;

    [Function("warmup")]
    public Task Warmup([WarmupTrigger] object? context, CancellationToken cancellationToken) => _script.OnWarmup(cancellationToken);

    [Function("AtStart")]
    public void AtStart([TimerTrigger("0 0 0 1 1 *", RunOnStartup = true)] TimerInfo timer) => Interlocked.Increment(ref _script.Started);

    [Function("Ping")]
    public IResult Ping([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => Results.Text(request.Method);
}
