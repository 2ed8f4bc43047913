using NpgsqlTypes;
using TByte.Functions.Postgres;

namespace TByte.Functions.Throttling;

/// <summary>Whether the server that heavy queries would go to has enough to do without them.</summary>
internal sealed class DatabasePressure(HeavyQueryOptions options, ReadRouter router)
{
    /// <summary>
    /// True from <see cref="HeavyQueryOptions.PressureAt"/> of its pool on, and while the primary stands in for replicas: then it has
    /// few places for reads, and other readers need them.
    /// </summary>
    public bool IsHigh()
    {
        Route route = router.NextReplica(NpgsqlLogSequenceNumber.Invalid, default) ?? router.ToPrimary();
        return route.Kind == PlaceKind.InsteadOfReplica || route.Server.Busy >= options.PressureAt * route.Server.Max;
    }
}
