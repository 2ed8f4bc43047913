using TByte.Functions.Configuration;

namespace TByte.Functions.Views;

/// <summary>Section <c>Views</c>.</summary>
public sealed record ViewOptions : IValidatedOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Views";

    /// <summary>How often an instance sends what it has counted; a killed instance loses as much at most.</summary>
    public TimeSpan FlushInterval { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>After this a view counts half as much for a product's popularity.</summary>
    public TimeSpan HalfLife { get; init; } = TimeSpan.FromDays(7);

    /// <summary>How long views are kept by the hour.</summary>
    public TimeSpan HistoryLife { get; init; } = TimeSpan.FromDays(35);

    /// <inheritdoc/>
    public IEnumerable<string> Problems() =>
    [
        .. SettingBounds.Between("Views:FlushInterval", FlushInterval, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1)),
        .. SettingBounds.Between("Views:HalfLife", HalfLife, TimeSpan.FromHours(1), TimeSpan.FromDays(365)),
        .. SettingBounds.Between("Views:HistoryLife", HistoryLife, TimeSpan.FromDays(1), TimeSpan.FromDays(400)),
    ];
}
