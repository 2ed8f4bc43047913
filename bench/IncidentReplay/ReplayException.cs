namespace TByte.Functions.IncidentReplay;

/// <summary>The incident could not be replayed here; the message says why.</summary>
internal sealed class ReplayException(string message) : Exception(message);
