using System;

namespace TByte.Functions.LocalHost.Data.Generated;

/// <summary>The size of a generated shop. The same options give the same rows on every machine.</summary>
internal sealed record GeneratorOptions
{
    public int Products { get; init; } = 10_000;

    public int Users { get; init; } = 20_000;

    public int Orders { get; init; } = 400_000;

    public long Seed { get; init; } = 1;

    /// <summary>The instant of the last order: a date of its own, not the clock's, so that every run gives the same rows.</summary>
    public DateTime Until { get; init; } = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public void Validate()
    {
        Require(Products is >= 1 and <= 10_000_000, nameof(Products), "from 1 to 10,000,000");
        Require(Users is >= 1 and <= 10_000_000, nameof(Users), "from 1 to 10,000,000");
        Require(Orders is >= 0 and <= 100_000_000, nameof(Orders), "from 0 to 100,000,000");
        Require(Until.Kind == DateTimeKind.Utc && Until.Year is >= 1980 and <= 9000, nameof(Until), "a UTC time from 1980 on");
    }

    public override string ToString() => FormattableString.Invariant(
        $"generated data ({Products:N0} products, {Users:N0} users, {Orders:N0} orders, seed {Seed}, until {Until:yyyy-MM-dd})");

    private static void Require(bool sound, string setting, string range)
    {
        if (!sound)
            throw new SeedException($"The generator's {setting} must be {range}.");
    }
}
