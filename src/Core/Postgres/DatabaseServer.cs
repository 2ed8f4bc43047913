namespace TByte.Functions.Postgres;

/// <summary>A PostgreSQL server as this instance uses it.</summary>
/// <param name="name">What breakers, permits and metrics call it.</param>
/// <param name="max">Connections at most.</param>
/// <param name="busy">How many are in use.</param>
internal sealed class DatabaseServer(string name, int max, Func<int> busy)
{
    public string Name => name;

    /// <summary>Connections at most.</summary>
    public int Max => max;

    /// <summary>Connections in use; queries that nobody waits for any more count until they have ended.</summary>
    public int Busy => busy();
}
