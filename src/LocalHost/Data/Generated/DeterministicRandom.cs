using System;
using System.Collections.Generic;

namespace TByte.Functions.LocalHost.Data.Generated;

/// <summary>
/// SplitMix64. System.Random promises no sequence across .NET versions, and floating point may differ between machines;
/// this is integers only. Each row draws from a stream of its own, so that rows can be made again one by one.
/// </summary>
internal struct DeterministicRandom(ulong state)
{
    private ulong _state = state;

    public static DeterministicRandom For(long seed, RandomStream stream, long row) =>
        new(Mix(Mix((ulong)seed) + (ulong)stream * 0xD1B54A32D192ED03 + (ulong)row * 0x9E3779B97F4A7C15));

    public ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        return Mix(_state);
    }

    /// <summary>A number from 0 to <paramref name="bound"/> - 1.</summary>
    public ulong Below(ulong bound) => Math.BigMul(Next(), bound, out _);

    public int Below(int bound) => (int)Below((ulong)bound);

    public bool Chance(int percent) => Below(100) < percent;

    public T Pick<T>(ReadOnlySpan<T> values) => values[Below(values.Length)];

    public T Pick<T>(IReadOnlyList<T> values) => values[Below(values.Count)];

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}

internal enum RandomStream
{
    ProductRanks = 1,
    UserRanks,
    Product,
    User,
    Order,
}
