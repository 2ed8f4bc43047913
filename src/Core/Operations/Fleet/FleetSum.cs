using TByte.Functions.Telemetry;

namespace TByte.Functions.Operations;

/// <summary>Adds up what instances tell.</summary>
internal static class FleetSum
{
    // The slot under way, and the one before it, which those have not told whose turn comes later.
    private const int Untold = 2;

    private static readonly CacheStatistics Nothing = new(0, 0, 0, 0);

    /// <param name="told">What each tells, the one that asks first.</param>
    /// <param name="nowMs">Now, by Redis' clock.</param>
    /// <param name="currentSlot">The slot under way.</param>
    /// <param name="complete">Whether the others could be asked.</param>
    public static FleetOverview Of(IReadOnlyList<ToldStatus> told, long nowMs, long currentSlot, bool complete) => new(
        DateTimeOffset.FromUnixTimeMilliseconds(nowMs),
        told[0].Status.Instance,
        complete,
        [.. told.Select(one => Member(one, currentSlot))],
        new FleetCache(
            Sum(told.Select(static one => one.Status.Cache)),
            Sum(told.Select(static one => one.Status.Recent?.Minute)),
            Sum(told.Select(static one => one.Status.Recent?.FiveMinutes))),
        Requests(told, currentSlot));

    private static FleetMember Member(ToldStatus told, long currentSlot) => new(
        (long)told.Ago.TotalMilliseconds,
        told.Status with { Recent = null },
        told.Status.Recent?.FiveMinutes,
        told.Status.Recent is { } recent ? Figures(InWindow(recent.Requests, currentSlot)) : null);

    private static CacheStatistics Sum(IEnumerable<CacheStatistics?> caches) =>
        caches.Aggregate(Nothing, static (sum, cache) => cache is null ? sum : sum.Plus(cache));

    private static FleetRequests Requests(IReadOnlyList<ToldStatus> told, long currentSlot)
    {
        ILookup<long, RequestSlot> slots = told.SelectMany(static one => one.Status.Recent?.Requests ?? [])
            .ToLookup(static slot => slot.Number);
        long first = currentSlot - RequestWindow.Slots + 1;
        return new FleetRequests(
            Figures(InWindow(slots.SelectMany(static slot => slot), currentSlot)),
            (int)RequestWindow.SlotLength.TotalSeconds,
            [.. Enumerable.Range(0, RequestWindow.Slots - Untold).Select(i => new RequestPoint(
                DateTimeOffset.UnixEpoch + RequestWindow.SlotLength * (first + i), Figures(slots[first + i])))]);
    }

    private static IEnumerable<RequestSlot> InWindow(IEnumerable<RequestSlot> slots, long currentSlot) =>
        slots.Where(slot => slot.Number > currentSlot - RequestWindow.Slots && slot.Number <= currentSlot);

    private static RequestFigures Figures(IEnumerable<RequestSlot> slots)
    {
        RequestTally tally = new();
        foreach (RequestSlot slot in slots)
            tally.Add(slot);
        return tally.Read();
    }
}
