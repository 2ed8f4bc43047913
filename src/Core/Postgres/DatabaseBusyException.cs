namespace TByte.Functions.Postgres;

/// <summary>All connections of this instance are taken: the server's health is not in question, so no breaker counts it.</summary>
internal sealed class DatabaseBusyException() : Exception("All database connections of this instance are in use.");
