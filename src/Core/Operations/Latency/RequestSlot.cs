namespace TByte.Functions.Operations;

/// <summary>What an instance has answered in ten seconds, told so that it can be added to what others have.</summary>
/// <param name="Number">Which ten seconds since the Unix epoch, by Redis' clock: the same for all instances.</param>
/// <param name="Failed">Answers of 500 and above.</param>
/// <param name="Latencies">
/// Pairs, for every bucket that is not empty: how many buckets of the scale it is behind the one before, and how many answers are in it.
/// </param>
public sealed record RequestSlot(long Number, long Failed, IReadOnlyList<int> Latencies);
