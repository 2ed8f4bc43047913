using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text;
using TByte.Functions.LocalHost.Data.Sales;

namespace TByte.Functions.LocalHost.Data;

internal enum SeedOutcome
{
    /// <summary>The database was empty and now holds the data.</summary>
    Seeded,

    /// <summary>The same data was there already.</summary>
    AlreadySeeded,

    /// <summary>Other data is there than was asked for; it was left alone.</summary>
    OtherDataPresent,
}

internal sealed record TableCount(string Table, long Rows);

/// <summary>What seeding did; <see cref="ToString"/> is for people.</summary>
internal sealed record SeedReport
{
    public required SeedOutcome Outcome { get; init; }

    /// <summary>The data that was asked for.</summary>
    public required string Requested { get; init; }

    /// <summary>The data that was found, if any was; null when it is not known where it came from.</summary>
    public string? Found { get; init; }

    public IReadOnlyList<TableCount> Tables { get; init; } = [];

    /// <summary>The accounts of the sales file, when one was imported.</summary>
    public SalesSummary? Sales { get; init; }

    public TimeSpan Elapsed { get; init; }

    public override string ToString()
    {
        switch (Outcome)
        {
            case SeedOutcome.AlreadySeeded:
                return $"The database already holds {Requested}.";
            case SeedOutcome.OtherDataPresent:
                return $"The database already holds {Found ?? "data of another origin"}; not loaded: {Requested}. "
                    + "Start with an empty database to load it.";
        }

        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"Seeded {Requested} in {Elapsed.TotalSeconds:0.0} s");
        foreach (var table in Tables)
            text.Append(CultureInfo.InvariantCulture, $"\n  {table.Table,-24}{table.Rows,12:N0}");
        if (Sales is not null)
            text.Append('\n').Append(Sales);
        return text.ToString();
    }
}
