using TByte.Functions.Configuration;
using TByte.Functions.Postgres;

namespace TByte.Functions.Throttling;

/// <summary>Section <c>HeavyQueries</c>: how many queries that work for long may be in the database at once.</summary>
public sealed record HeavyQueryOptions : IValidatedOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "HeavyQueries";

    /// <summary>How much longer than its query's budget a permit of the fleet lasts: a late start and the way to the server fit in.</summary>
    internal static readonly TimeSpan LeaseMargin = TimeSpan.FromSeconds(10);

    /// <summary>Heavy queries at once, per instance.</summary>
    public int MaxRunning { get; init; } = 10;

    /// <summary>The same while the pool of the server that they would go to is under pressure.</summary>
    public int MaxRunningUnderPressure { get; init; } = 5;

    /// <summary>The share of a server's pool that is busy from which on it is under pressure; above 0, at most 1.</summary>
    public double PressureAt { get; init; } = 0.8;

    /// <summary>Heavy queries that may wait, per instance; 0: none waits.</summary>
    public int QueueLength { get; init; } = 20;

    /// <summary>The longest that one waits for its turn, from its arrival to the fleet's permit.</summary>
    public TimeSpan QueueTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>How long one attempt may take; the server ends it then.</summary>
    public TimeSpan QueryBudget { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How often a query is tried at most, when the connection is lost or the server restarts.</summary>
    public int Attempts { get; init; } = 3;

    /// <summary>Heavy queries at once on one server, over the whole fleet.</summary>
    public int FleetLimit { get; init; } = 20;

    /// <summary>How long a permit of the fleet lasts when nobody gives it back.</summary>
    internal TimeSpan PermitLease => QueryBudget + LeaseMargin;

    /// <inheritdoc/>
    public IEnumerable<string> Problems() =>
    [
        .. SettingBounds.Between("HeavyQueries:MaxRunning", MaxRunning, 1, 1_000),
        .. SettingBounds.Between("HeavyQueries:MaxRunningUnderPressure", MaxRunningUnderPressure, 1, MaxRunning),
        .. SettingBounds.Between("HeavyQueries:PressureAt", PressureAt, 0.01, 1),
        .. SettingBounds.Between("HeavyQueries:QueueLength", QueueLength, 0, 10_000),
        .. SettingBounds.Between("HeavyQueries:QueueTimeout", QueueTimeout, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1)),
        .. SettingBounds.Between("HeavyQueries:QueryBudget", QueryBudget, TimeSpan.FromMilliseconds(100), ShopDatabase.MostHeavyBudget),
        .. SettingBounds.Between("HeavyQueries:Attempts", Attempts, 1, 10),
        .. SettingBounds.Between("HeavyQueries:FleetLimit", FleetLimit, 1, 10_000),
    ];
}
