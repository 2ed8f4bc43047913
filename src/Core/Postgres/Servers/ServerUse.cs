namespace TByte.Functions.Postgres;

/// <summary>One server at a moment: how it is, and how much of it this instance uses.</summary>
/// <param name="Name"><c>postgres-primary</c>, <c>postgres-replica-1</c> and so on.</param>
/// <param name="State">As in <see cref="DatabaseServerStatus.State"/>.</param>
/// <param name="Lag">How far it is behind the primary; null for the primary, and when it is not known.</param>
/// <param name="Taken">Queries under way, those that nobody waits for any more included.</param>
/// <param name="Waiting">Queries that wait for a place.</param>
/// <param name="Max">Queries under way at most.</param>
internal readonly record struct ServerUse(string Name, string State, TimeSpan? Lag, int Taken, int Waiting, int Max);
