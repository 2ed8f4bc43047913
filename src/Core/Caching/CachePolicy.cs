namespace TByte.Functions.Caching;

/// <summary>How one kind of entry is kept.</summary>
/// <param name="Kind">The kind's name: the first part of its keys, and a dimension of the metrics.</param>
/// <param name="Life">How long an entry is fresh, counted from when it was read from the database, in every instance and in Redis.</param>
/// <param name="IsVersioned">Ordered by the row's version: a newer row is never replaced by an older one. Otherwise the later load wins.</param>
public sealed record CachePolicy(string Kind, TimeSpan Life, bool IsVersioned)
{
    internal CacheKey Key(string id) => new(this, $"{Kind}:{id}");
}
