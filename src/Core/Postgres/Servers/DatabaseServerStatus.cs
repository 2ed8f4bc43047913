namespace TByte.Functions.Postgres;

/// <summary>One server, as this instance sees it.</summary>
/// <param name="Name"><c>postgres-primary</c>, <c>postgres-replica-1</c> and so on.</param>
/// <param name="Role"><c>primary</c> or <c>replica</c>.</param>
/// <param name="State"><c>up</c>; <c>lagging</c>: too far behind to be read; <c>down</c>: does not answer its probes; <c>broken</c>: its breaker is open.</param>
/// <param name="LagMs">How far it is behind the primary; null for the primary, and when it is not known.</param>
/// <param name="Busy">Queries under way, those that nobody waits for any more included.</param>
/// <param name="Idle">Connections that are open and unused.</param>
/// <param name="Max">Queries at most.</param>
public sealed record DatabaseServerStatus(string Name, string Role, string State, long? LagMs, int Busy, int Idle, int Max);
