using StackExchange.Redis;
using TByte.Functions.Redis;

namespace TByte.Functions.Operations;

/// <summary>Tells what all instances tell of themselves; this one alone while Redis is away.</summary>
public sealed class FleetReport
{
    private readonly StatusReport _report;
    private readonly RequestWindow _requests;
    private readonly RedisGate _gate;

    internal FleetReport(StatusReport report, RequestWindow requests, RedisGate gate)
    {
        _report = report;
        _requests = requests;
        _gate = gate;
    }

    /// <summary>The fleet now. Waits for Redis no longer than its budget for calls that no reader waits for, and never fails.</summary>
    public async Task<FleetOverview> ReadAsync()
    {
        RedisReply<HashEntry[]> reply = await _gate.CallAsync(
            RedisPurpose.ReadFleet, FleetStatus.Key, static (redis, key) => redis.HashGetAllAsync(key), _gate.BackgroundBudget).ConfigureAwait(false);
        ToldStatus own = new(_report.ReadWithRecent(), TimeSpan.Zero);
        IEnumerable<ToldStatus> others = reply.Answered
            ? FleetStatus.ReadTold(reply.Value, _gate.Clock.NowMilliseconds).Where(told => told.Status.Instance != own.Status.Instance)
            : [];
        return FleetSum.Of([own, .. others.OrderBy(static told => told.Status.StartedAt)], _gate.Clock.NowMilliseconds, _requests.Current, reply.Answered);
    }
}
