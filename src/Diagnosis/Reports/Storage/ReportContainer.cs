using Azure.Core;
using Azure.Identity;
using Azure.Storage.Blobs;

namespace TByte.Functions.Diagnosis.Reports;

/// <summary>Opens the container that the settings name; asks nobody yet.</summary>
internal static class ReportContainer
{
    /// <summary>Null when reports are not stored.</summary>
    public static BlobContainerClient? Open(ReportOptions options) => options switch
    {
        { Connection.Length: > 0 } => new BlobServiceClient(options.Connection, Patience(options)).GetBlobContainerClient(options.Container),
        { AccountUrl.Length: > 0 } =>
            new BlobServiceClient(new Uri(options.AccountUrl), Identity(options), Patience(options)).GetBlobContainerClient(options.Container),
        _ => null,
    };

    private static DefaultAzureCredential Identity(ReportOptions options) =>
        new(new DefaultAzureCredentialOptions { ManagedIdentityClientId = options.ClientId.Length > 0 ? options.ClientId : null });

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
