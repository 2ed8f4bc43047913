using BitFaster.Caching.Lru;

namespace TByte.Functions.Caching;

/// <summary>
/// L1: this instance's memory, bounded. Each key has a slot that only ever moves to a newer entry, whatever the order in
/// which threads get to it; the fence refuses what is older than a write this instance has heard of.
/// </summary>
internal sealed class MemoryLevel(int capacity, VersionFence fence)
{
    private readonly ConcurrentLru<string, Slot> _slots = new(capacity);

    /// <summary>Entries that are held.</summary>
    public int Count => _slots.Count;

    public CacheEntry? Find(string key) => _slots.TryGet(key, out Slot? slot) ? slot.Entry : null;

    /// <summary>Offers an entry whose reading began at <paramref name="readingBegan"/>.</summary>
    public void Offer(CacheKey key, CacheEntry entry, long readingBegan)
    {
        if (!fence.Remembers(readingBegan))
            return;

        _slots.GetOrAdd(key.Name, static _ => new Slot()).Offer(entry, key.Policy);
        // Looked at after the entry is visible: an invalidation either finds the entry, or is found here.
        DropOlderThan(key.Name, fence.Minimum(key.Name));
    }

    /// <summary>Raises the fence, then drops what it no longer admits.</summary>
    public void Invalidate(string key, long version)
    {
        fence.Raise(key, version);
        DropOlderThan(key, version);
    }

    private void DropOlderThan(string key, long version)
    {
        if (version > 0 && _slots.TryGet(key, out Slot? slot))
            slot.DropOlderThan(version);
    }

    private sealed class Slot
    {
        private CacheEntry? _entry;

        public CacheEntry? Entry => Volatile.Read(ref _entry);

        public void Offer(CacheEntry entry, CachePolicy policy)
        {
            CacheEntry? current = Entry;
            while (current is null || entry.MayReplace(current, policy))
            {
                CacheEntry? seen = Interlocked.CompareExchange(ref _entry, entry, current);
                if (ReferenceEquals(seen, current))
                    return;
                current = seen;
            }
        }

        public void DropOlderThan(long version)
        {
            CacheEntry? current = Entry;
            while (current is not null && current.Version < version)
            {
                CacheEntry? seen = Interlocked.CompareExchange(ref _entry, null, current);
                if (ReferenceEquals(seen, current))
                    return;
                current = seen;
            }
        }
    }
}
