using System.Text.RegularExpressions;
using Azure.Storage.Blobs;
using TByte.Functions.Configuration;

namespace TByte.Functions.Diagnosis.Reports;

/// <summary>
/// Section <c>Reports</c>: where reports of the diagnosis are kept. With neither <see cref="Connection"/> nor <see cref="AccountUrl"/> they are
/// logged, and the newest is kept in memory.
/// </summary>
public sealed partial record ReportOptions : IValidatedOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Reports";

    /// <summary>A connection string of a storage account. Empty: none.</summary>
    public string Connection { get; init; } = "";

    /// <summary>The blob endpoint of a storage account, e.g. <c>https://account.blob.core.windows.net</c>, opened with the identity of
    /// <c>Identity:ClientId</c> or, without that, the system-assigned one or the developer's. Empty: none.</summary>
    public string AccountUrl { get; init; } = "";

    /// <summary>The blob container; created, closed to the public, when it is missing.</summary>
    public string Container { get; init; } = "diagnosis";

    /// <summary>Reports older than this are deleted.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromDays(30);

    /// <summary>The longest that one read from the store, or one write to it, may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Whether reports outlive the process.</summary>
    public bool IsStored => Connection.Length > 0 || AccountUrl.Length > 0;

    /// <inheritdoc/>
    public IEnumerable<string> Problems() =>
    [
        .. PlaceProblems(),
        .. ContainerName().IsMatch(Container) ? [] : (string[])["Reports:Container must be 3 to 63 lower-case letters, digits and single hyphens between them."],
        .. SettingBounds.Between("Reports:Retention", Retention, TimeSpan.FromDays(1), TimeSpan.FromDays(3_650)),
        .. SettingBounds.Between("Reports:Timeout", Timeout, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(30)),
    ];

    // No message repeats a value: one may hold a key.
    private IEnumerable<string> PlaceProblems()
    {
        if (Connection.Length > 0 && AccountUrl.Length > 0)
            yield return "Reports:Connection and Reports:AccountUrl exclude each other.";
        if (Connection.Length > 0 && !IsConnection())
            yield return "Reports:Connection is not a connection string of a storage account.";
        if (AccountUrl.Length > 0 && !IsAccountUrl())
            yield return "Reports:AccountUrl must be an https address without a query, such as https://account.blob.core.windows.net.";
    }

    private bool IsConnection()
    {
        try
        {
            return new BlobServiceClient(Connection).Uri.IsAbsoluteUri;
        }
        catch (Exception e) when (e is FormatException or ArgumentException or InvalidOperationException)
        {
            return false;
        }
    }

    private bool IsAccountUrl() =>
        Uri.TryCreate(AccountUrl, UriKind.Absolute, out Uri? url) && url is { Scheme: "https", Query: "", Fragment: "", UserInfo: "" };

    [GeneratedRegex("^(?=.{3,63}\\z)[a-z0-9]+(-[a-z0-9]+)*\\z")]
    private static partial Regex ContainerName();
}
