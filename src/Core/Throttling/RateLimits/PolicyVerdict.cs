namespace TByte.Functions.Throttling;

/// <summary>What one policy says to one request.</summary>
/// <param name="IsGranted">It may go on, as far as this policy is concerned.</param>
/// <param name="Remaining">How many more the caller may expect to be granted now.</param>
/// <param name="FreeIn">When more permits come free; to one that is refused: when it is granted again, unless others are faster.</param>
public readonly record struct PolicyVerdict(bool IsGranted, int Remaining, TimeSpan FreeIn)
{
    /// <summary>The last call to the store that had been answered when it was granted.</summary>
    internal long Answered { get; init; }

    /// <summary>Granted within the instance's share, without the fleet.</summary>
    internal bool IsAlone { get; init; }
}
