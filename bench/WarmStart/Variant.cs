using System.Globalization;
using TByte.Functions.Warming;

namespace TByte.Functions.WarmStart;

/// <summary>What makes a product worth warming.</summary>
internal enum Rule
{
    /// <summary>Nothing is warmed.</summary>
    Nothing,

    /// <summary>The incident document's: more than 1,000 views ever.</summary>
    Fixed,

    /// <summary>Most views ever.</summary>
    AllTime,

    /// <summary>Most views of late.</summary>
    Recent,
}

/// <summary>A way to warm a cache that has lost everything.</summary>
/// <param name="Rule">Which products.</param>
/// <param name="Products">How many at most.</param>
internal sealed record Variant(Rule Rule, int Products)
{
    private const int FixedLeastViews = 1_000;

    // What was flushed is not fresh at all.
    private static readonly TimeSpan FreshFor = TimeSpan.FromMinutes(30);

    public string Name => Rule switch
    {
        Rule.Nothing => "nothing",
        Rule.Fixed => string.Create(CultureInfo.InvariantCulture, $"over {FixedLeastViews:N0} views, top {Products:N0}"),
        Rule.AllTime => string.Create(CultureInfo.InvariantCulture, $"all time, top {Products:N0}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"of late, top {Products:N0}"),
    };

    /// <summary>Warms Redis; returns how many products that were.</summary>
    /// <exception cref="InvalidDataException">Not all that were to be warmed are.</exception>
    public async Task<int> WarmAsync(ProductWarmer warmer, CancellationToken cancellationToken)
    {
        WarmingReport report = Rule switch
        {
            Rule.Nothing => default,
            Rule.Fixed => await warmer.WarmAllTimeAsync(Products, FixedLeastViews, FreshFor, cancellationToken),
            Rule.AllTime => await warmer.WarmAllTimeAsync(Products, 0, FreshFor, cancellationToken),
            _ => await warmer.WarmRecentAsync(Products, FreshFor, cancellationToken),
        };
        return report is { Skipped: 0, Failed: 0, EndedEarly: null }
            ? report.Warmed
            : throw new InvalidDataException($"{Name}: {report}");
    }
}
