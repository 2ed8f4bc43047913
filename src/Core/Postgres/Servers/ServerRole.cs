namespace TByte.Functions.Postgres;

/// <summary>What a server is there for.</summary>
internal enum ServerRole
{
    /// <summary>Takes the writes.</summary>
    Primary,

    /// <summary>Follows the primary and takes reads.</summary>
    Replica,
}
