using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using TByte.Functions.Resilience;

namespace TByte.Functions.Core.Tests.Resilience;

/// <summary>The breakers as an app registers them, without Redis.</summary>
public sealed class ResilienceServicesTests
{
    [Fact]
    public async Task Without_redis_each_instance_has_breakers_of_its_own()
    {
        IConfiguration configuration = new ConfigurationBuilder()
            .AddInMemoryCollection([new("Breaker:FailureThreshold", "2")])
            .Build();
        await using ServiceProvider services = new ServiceCollection()
            .AddSingleton(configuration)
            .AddLogging()
            .AddSharedCircuitBreakers()
            .BuildServiceProvider();
        CircuitAgents agents = services.GetRequiredService<CircuitAgents>();
        Assert.Contains(agents, services.GetServices<IHostedService>());

        SharedCircuit circuit = agents.Add("server", static _ => Task.CompletedTask);
        for (int i = 0; i < 2; i++)
            circuit.Failed(circuit.Snapshot, circuit.Time.GetTimestamp());
        BreakerControl control = services.GetRequiredService<BreakerControl>();
        Assert.Equal(("open", false), (control.Find("server")!.State, control.Find("server")!.Shared));
        Assert.Equal(
            BreakerOrderOutcome.NotTaken, await control.GiveAsync("server", new BreakerOrder(null, TimeSpan.Zero, "operator", "why not")));
    }
}
