using Azure.Core;
using Azure.Identity;
using Azure.Storage.Blobs;

namespace TByte.Functions.Diagnosis.Reports;

/// <summary>Opens the container that the settings name; asks nobody yet.</summary>
internal static class ReportContainer
{
    /// <summary>Null when reports are not stored.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="credential">Opens the account where there is no connection string; null: the developer's, or the one that the system assigns.</param>
    public static BlobContainerClient? Open(ReportOptions options, TokenCredential? credential) => options switch
    {
        { Connection.Length: > 0 } => new BlobServiceClient(options.Connection, Patience(options)).GetBlobContainerClient(options.Container),
        { AccountUrl.Length: > 0 } =>
            new BlobServiceClient(new Uri(options.AccountUrl), credential ?? new DefaultAzureCredential(), Patience(options)).GetBlobContainerClient(options.Container),
        _ => null,
    };

    private static BlobClientOptions Patience(ReportOptions options) => new()
    {
        Retry =
        {
            Mode = RetryMode.Exponential,
            MaxRetries = 1,
            Delay = TimeSpan.FromMilliseconds(200),
            MaxDelay = TimeSpan.FromSeconds(1),
            NetworkTimeout = options.Timeout,
        },
    };
}
