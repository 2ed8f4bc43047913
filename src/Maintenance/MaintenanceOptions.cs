using System;
using System.Collections.Generic;
using TByte.Functions.Configuration;

namespace TByte.Functions.Maintenance;

/// <summary>Section <c>Maintenance</c>.</summary>
public sealed record MaintenanceOptions : IValidatedOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Maintenance";

    /// <summary>Statements that take longer than this on average are reported.</summary>
    public TimeSpan SlowQueryThreshold { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How many of them at most.</summary>
    public int SlowQueries { get; init; } = 10;

    /// <inheritdoc/>
    public IEnumerable<string> Problems() =>
    [
        .. SettingBounds.Between("Maintenance:SlowQueryThreshold", SlowQueryThreshold, TimeSpan.Zero, TimeSpan.FromMinutes(10)),
        .. SettingBounds.Between("Maintenance:SlowQueries", SlowQueries, 1, 100),
    ];
}
