using NpgsqlTypes;
using TByte.Functions.Redis;

namespace TByte.Functions.Caching;

/// <summary>
/// Remembers where in the primary's log the writes are that this instance has heard of, by key, so that a load goes to a replica
/// that has replayed them. What is forgotten too early costs a second load, on the primary: the fence still knows the version.
/// </summary>
internal sealed class WritePositions(RedisClock clock)
{
    // A replica that is further behind than this is not read at all.
    private static readonly TimeSpan GenerationLife = TimeSpan.FromMinutes(1);
    private const int GenerationSize = 50_000;

    private readonly RecentMaxima<NpgsqlLogSequenceNumber> _positions = new(clock, GenerationLife, GenerationSize);

    /// <summary>A write of this key has its end before the position; <see cref="NpgsqlLogSequenceNumber.Invalid"/> says nothing.</summary>
    public void Heard(string key, NpgsqlLogSequenceNumber position)
    {
        if (position != NpgsqlLogSequenceNumber.Invalid)
            _positions.Raise(key, position);
    }

    /// <summary>What a load of this key must have seen.</summary>
    public NpgsqlLogSequenceNumber Of(string key) => _positions.Of(key);
}
