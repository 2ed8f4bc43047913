namespace TByte.Functions.Throttling;

/// <summary>The heavy queries of this instance at a moment.</summary>
/// <param name="Running">Those that have their turn; what was abandoned counts until it has ended on the server.</param>
/// <param name="Waiting">Those in the queue.</param>
/// <param name="Limit">How many may run at once at the moment.</param>
/// <param name="FleetLimit">How many may run at once on one server, over the whole fleet.</param>
public sealed record HeavyQueryStatus(int Running, int Waiting, int Limit, int FleetLimit);
