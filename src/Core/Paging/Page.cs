namespace TByte.Functions.Paging;

/// <summary>A page of a list.</summary>
/// <param name="Items">What is on it.</param>
/// <param name="Next">What to ask for the page after it; null on the last one.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? Next);
