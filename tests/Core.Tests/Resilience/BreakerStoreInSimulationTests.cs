namespace TByte.Functions.Core.Tests.Resilience;

public sealed class BreakerStoreInSimulationTests : BreakerStoreContract
{
    private protected override Task<IBreakerServer> ServerAsync() => Task.FromResult<IBreakerServer>(new SimulatedBreakerServer());
}
