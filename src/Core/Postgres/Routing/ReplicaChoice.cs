using NpgsqlTypes;

namespace TByte.Functions.Postgres;

/// <summary>What matters of a replica at the moment when a read looks for one.</summary>
internal readonly record struct ReplicaState(
    bool IsReachable, bool IsBroken, TimeSpan Lag, NpgsqlLogSequenceNumber Replayed, int Busy, int Max)
{
    public bool IsUsable(TimeSpan maxLag, NpgsqlLogSequenceNumber atLeast) => IsReachable && !IsBroken && Lag <= maxLag && Replayed >= atLeast;

    public bool IsBusierThan(ReplicaState other) => (long)Busy * other.Max > (long)other.Busy * Max;
}

/// <summary>
/// Takes the less busy of two random replicas: nearly as even as the least busy of all, without every instance running to the
/// same one.
/// </summary>
internal static class ReplicaChoice
{
    /// <summary>The index of the replica to read; -1 when none can be used.</summary>
    public static int Pick(ReadOnlySpan<ReplicaState> replicas, TimeSpan maxLag, NpgsqlLogSequenceNumber atLeast, Random random)
    {
        Span<int> usable = stackalloc int[replicas.Length];
        int count = 0;
        for (int i = 0; i < replicas.Length; i++)
        {
            if (replicas[i].IsUsable(maxLag, atLeast))
                usable[count++] = i;
        }

        if (count < 2)
            return count == 0 ? -1 : usable[0];

        int one = random.Next(count);
        int other = (one + 1 + random.Next(count - 1)) % count;
        return replicas[usable[one]].IsBusierThan(replicas[usable[other]]) ? usable[other] : usable[one];
    }
}
