using System;
using System.Collections.Generic;
using System.Linq;
using TByte.Functions.Configuration;
using TByte.Functions.Warming;

namespace TByte.Functions.Warmup;

/// <summary>What makes a product popular.</summary>
public enum Popularity
{
    /// <summary>Views of late: each counts half as much after <c>Views:HalfLife</c>.</summary>
    Recent,

    /// <summary>All views there have ever been, above <see cref="WarmupOptions.MinViews"/>.</summary>
    AllTime,
}

/// <summary>Section <c>Warmup</c>.</summary>
public sealed record WarmupOptions : IValidatedOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Warmup";

    /// <summary>How many of the most popular products are kept warm.</summary>
    public int Products { get; init; } = 1_000;

    /// <summary>What makes them popular.</summary>
    public Popularity Popularity { get; init; } = Popularity.Recent;

    /// <summary>With <see cref="Popularity.AllTime"/>: only products with more views than this.</summary>
    public long MinViews { get; init; }

    /// <summary>An entry that is still fresh for this long is left alone; at least as long as from one run to the next.</summary>
    public TimeSpan LeftAtLeast { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>How many entries are warmed a second at most; a quarter of that while a breaker is not closed.</summary>
    public double Rate { get; init; } = 500;

    /// <summary>Peaks that are known, each as <see cref="Peak"/> is written: products are warmed shortly before.</summary>
    public IReadOnlyList<string> Peaks { get; init; } = [];

    /// <summary>Whether the hours in which a product's readers usually come are learnt from its views.</summary>
    public bool LearnPeaks { get; init; } = true;

    /// <summary>How many products are warmed before a peak, known or learnt.</summary>
    public int PeakProducts { get; init; } = 1_000;

    /// <summary>How long before a peak, and how long after its begin when a run is late, products are warmed for it.</summary>
    public TimeSpan PeakLead { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>The shop's time, by which peaks are stated and learnt: an IANA name.</summary>
    public string TimeZone { get; init; } = "UTC";

    /// <summary>How many users' order lists are warmed at most.</summary>
    public int Customers { get; init; } = 1_000;

    /// <summary>Who has ordered within this time is active.</summary>
    public TimeSpan CustomersWithin { get; init; } = TimeSpan.FromHours(6);

    /// <inheritdoc/>
    public IEnumerable<string> Problems() =>
    [
        .. SettingBounds.Between("Warmup:Products", Products, 1, 10_000),
        .. SettingBounds.Between("Warmup:MinViews", MinViews, 0, long.MaxValue),
        .. SettingBounds.Between("Warmup:LeftAtLeast", LeftAtLeast, TimeSpan.Zero, TimeSpan.FromDays(1)),
        .. SettingBounds.Between("Warmup:Rate", Rate, 1, 100_000),
        .. SettingBounds.Between("Warmup:PeakProducts", PeakProducts, 1, 10_000),
        .. SettingBounds.Between("Warmup:PeakLead", PeakLead, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(29)),
        .. SettingBounds.Between("Warmup:Customers", Customers, 1, 10_000),
        .. SettingBounds.Between("Warmup:CustomersWithin", CustomersWithin, TimeSpan.FromMinutes(1), TimeSpan.FromDays(7)),
        .. TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out _) ? Array.Empty<string>() : [$"Warmup:TimeZone is '{TimeZone}'; there is no such time zone."],
        .. Peaks.Index().Where(static peak => !Peak.TryParse(peak.Item, out _)).Select(static peak =>
            $"Warmup:Peaks:{peak.Index} is '{peak.Item}'; it must be written like 18:00-20:00 or Fri,Sat 22:00-02:00."),
    ];
}
