using NpgsqlTypes;

namespace TByte.Functions.Postgres;

/// <summary>What a server answered to its last probe.</summary>
/// <param name="IsInRecovery">It follows another server.</param>
/// <param name="Position">Up to where it has replayed; of a server that is not in recovery: up to where it has written.</param>
/// <param name="ReplayAge">How old the last transaction is that it has replayed, by its own account; null when there was none since its start.</param>
internal sealed record ServerObservation(bool IsInRecovery, NpgsqlLogSequenceNumber Position, TimeSpan? ReplayAge);
