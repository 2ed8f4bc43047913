using NpgsqlTypes;

namespace TByte.Functions.Postgres;

/// <summary>The servers that a read has been sent to.</summary>
internal readonly record struct TriedServers(int Bits)
{
    public bool Contains(int server) => (Bits & (1 << server)) != 0;

    public TriedServers With(int server) => new(Bits | (1 << server));
}

/// <summary>Where a read goes.</summary>
/// <param name="Server">The server.</param>
/// <param name="Number">Its number among all of them; the primary is 0.</param>
/// <param name="Kind">Which of its places it takes.</param>
internal readonly record struct Route(DatabaseServer Server, int Number, PlaceKind Kind);

/// <summary>
/// Decides which server a read goes to: a replica that answers, is not behind and has what the read must see. The primary serves
/// reads when it is alone, or to the bound of <see cref="PostgresOptions.PrimaryReads"/> when no replica will do.
/// </summary>
internal sealed class ReadRouter(DatabaseServers servers, ReplicaLag lag, PostgresOptions options)
{
    private const int Primary = 0;

    private bool HasReplicas => servers.Replicas.Count > 0;

    /// <summary>
    /// The next server for a read; null when there is none that it has not tried. A read that has tried a replica is not sent to a
    /// primary that has no room for it.
    /// </summary>
    public Route? Next(NpgsqlLogSequenceNumber atLeast, TriedServers tried) =>
        NextReplica(atLeast, tried) ?? (tried == default || PrimaryIsAnother(tried) ? ToPrimary() : null);

    /// <summary>The next replica for a read; null when no further one can be used.</summary>
    public Route? NextReplica(NpgsqlLogSequenceNumber atLeast, TriedServers tried)
    {
        if (!HasReplicas || atLeast == ShopDatabase.Newest)
            return null;

        Span<ReplicaState> states = stackalloc ReplicaState[servers.Replicas.Count];
        for (int i = 0; i < states.Length; i++)
            states[i] = tried.Contains(i + 1) ? default : StateOf(servers.Replicas[i]);
        int picked = ReplicaChoice.Pick(states, options.MaxReplicaLag, atLeast, Random.Shared);
        return picked < 0 ? null : new Route(servers.Replicas[picked], picked + 1, PlaceKind.Own);
    }

    /// <summary>Whether a read that has tried these has somewhere else to go.</summary>
    public bool HasAnother(NpgsqlLogSequenceNumber atLeast, TriedServers tried) =>
        PrimaryIsAnother(tried) || NextReplica(atLeast, tried) is not null;

    /// <summary>The primary, for a read.</summary>
    public Route ToPrimary() => new(servers.Primary, Primary, HasReplicas ? PlaceKind.InsteadOfReplica : PlaceKind.Own);

    /// <summary>How a server is at the moment, and how much of it is in use.</summary>
    public ServerUse UseOf(DatabaseServer server)
    {
        bool isReplica = server.Role == ServerRole.Replica;
        ReplicaState state = StateOf(server);
        bool isLagging = isReplica && state.Lag > options.MaxReplicaLag;
        return new ServerUse(
            server.Name,
            state.IsBroken ? "broken" : !state.IsReachable ? "down" : isLagging ? "lagging" : "up",
            isReplica && state.IsReachable && state.Lag < TimeSpan.MaxValue ? state.Lag : null,
            server.Busy,
            server.Waiting,
            server.Max);
    }

    /// <summary>What a status page shows of a server.</summary>
    public DatabaseServerStatus StatusOf(DatabaseServer server)
    {
        ServerUse use = UseOf(server);
        string role = server.Role == ServerRole.Replica ? "replica" : "primary";
        return new DatabaseServerStatus(use.Name, role, use.State, (long?)use.Lag?.TotalMilliseconds, use.Taken, server.Idle, use.Max);
    }

    private bool PrimaryIsAnother(TriedServers tried) =>
        HasReplicas && !tried.Contains(Primary) && servers.Primary.HasRoomInsteadOfReplica;

    private ReplicaState StateOf(DatabaseServer server) => server.Seen is { } seen
        ? new(IsReachable: true, server.IsBroken, lag.Of(seen.Position, seen.ReplayAge), seen.Position, server.Busy, server.Max)
        : new(IsReachable: false, server.IsBroken, TimeSpan.MaxValue, default, server.Busy, server.Max);
}
