using System;

namespace TByte.Functions.LocalHost.Data.Generated;

/// <summary>
/// Draws from 0 to count - 1 as real shoppers do: the weight of rank r is 1 / (r + flattening), Zipf's law with a flatter head,
/// and ranks are dealt out at random, so that the best seller is not always number one.
/// </summary>
internal sealed class Popularity
{
    private const ulong Scale = 1UL << 32;

    private readonly int[] _byRank;
    private readonly ulong[] _weights;
    private readonly ulong[] _cumulative;

    public Popularity(int count, int flattening, DeterministicRandom random)
    {
        _byRank = Shuffled(count, random);
        _weights = new ulong[count];
        _cumulative = new ulong[count];
        var sum = 0UL;
        for (var rank = 0; rank < count; rank++)
        {
            var weight = Scale / ((ulong)rank + 1 + (ulong)flattening);
            _weights[_byRank[rank]] = weight;
            _cumulative[rank] = sum += weight;
        }

        Total = sum;
    }

    public ulong Total { get; }

    public ulong WeightOf(int item) => _weights[item];

    public int Draw(ref DeterministicRandom random)
    {
        var point = random.Below(Total) + 1;
        var index = Array.BinarySearch(_cumulative, point);
        return _byRank[index >= 0 ? index : ~index];
    }

    private static int[] Shuffled(int count, DeterministicRandom random)
    {
        var items = new int[count];
        for (var i = 0; i < count; i++)
        {
            var other = random.Below(i + 1);
            items[i] = items[other];
            items[other] = i;
        }

        return items;
    }
}
