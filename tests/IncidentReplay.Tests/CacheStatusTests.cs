using TByte.Functions.IncidentReplay.Target;

namespace TByte.Functions.IncidentReplay.Tests;

public sealed class CacheStatusTests
{
    [Theory]
    [InlineData(nameof(CacheOutcome.Hit), "tbyte-l1; hit")]
    [InlineData(nameof(CacheOutcome.Hit), "tbyte-l2; hit, tbyte-l1; fwd=miss")]
    [InlineData(nameof(CacheOutcome.Miss), "tbyte-l2; fwd=miss, tbyte-l1; fwd=miss")]
    [InlineData(nameof(CacheOutcome.Stale), "tbyte-l1; hit; ttl=-12; detail=stale")]
    [InlineData(nameof(CacheOutcome.Stale), "tbyte-l1; hit; ttl=-12; detail=stale", "front; fwd=uri-miss")]
    [InlineData(nameof(CacheOutcome.Hit), "tbyte-l2; fwd=miss, tbyte-l1; fwd=miss", "front;hit;ttl=5")]
    [InlineData(nameof(CacheOutcome.Miss), "front; fwd=miss; detail=\"a; hit, b; hit\\\"; hit\"")]
    [InlineData(nameof(CacheOutcome.Unknown), "")]
    [InlineData(nameof(CacheOutcome.Unknown))]
    public void Says_who_has_answered(string outcome, params string[] lines) =>
        Assert.Equal(outcome, CacheStatus.Read(lines).ToString());
}
