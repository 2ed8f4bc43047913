namespace TByte.Functions.Postgres;

/// <summary>This instance has no connection left for the query: the server's health is not in question, so no breaker counts it.</summary>
internal sealed class DatabaseBusyException(string message) : Exception(message);
