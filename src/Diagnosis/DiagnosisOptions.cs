using TByte.Functions.Configuration;

namespace TByte.Functions.Diagnosis;

/// <summary>Section <c>Maintenance</c>.</summary>
public sealed record DiagnosisOptions : IValidatedOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Maintenance";

    /// <summary>How long the first run watches, which has no earlier one to compare with.</summary>
    public TimeSpan Watch { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Creates the indexes that are proposed with medium or high severity, one a run, without blocking anybody. Off: they are only proposed.
    /// </summary>
    public bool ApplyIndexes { get; init; }

    /// <summary>Size of the primary's storage in bytes, which the server does not tell; 0 when no date is to be computed.</summary>
    public long StorageBytes { get; init; }

    /// <inheritdoc/>
    public IEnumerable<string> Problems() =>
    [
        .. SettingBounds.Between("Maintenance:Watch", Watch, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(5)),
        .. SettingBounds.Between("Maintenance:StorageBytes", StorageBytes, 0, 1L << 50),
    ];
}
