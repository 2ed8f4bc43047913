using System.Collections.Generic;
using TByte.Functions.Configuration;

namespace TByte.Functions.Warmup;

/// <summary>Section <c>Warmup</c>.</summary>
public sealed record WarmupOptions : IValidatedOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Warmup";

    /// <summary>How many of the most viewed products are warmed.</summary>
    public int Products { get; init; } = 100;

    /// <inheritdoc/>
    public IEnumerable<string> Problems() => SettingBounds.Between("Warmup:Products", Products, 1, 10_000);
}
