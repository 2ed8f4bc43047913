namespace TByte.Functions.Postgres;

/// <summary>Why a read goes to the server that it goes to.</summary>
internal enum RouteReason
{
    /// <summary>It is the less busy of two replicas that can be used, or the only one.</summary>
    Replica,

    /// <summary>There are no replicas.</summary>
    OnlyServer,

    /// <summary>It must see every commit: only the primary does for certain.</summary>
    NewestRows,

    /// <summary>No replica can be used, or has what it must see; the primary stands in.</summary>
    NoReplica,
}

/// <summary>Which attempt of a read it is.</summary>
internal enum AttemptKind
{
    First,

    /// <summary>After one that failed.</summary>
    Retry,

    /// <summary>Beside one that is slow.</summary>
    Hedge,
}
