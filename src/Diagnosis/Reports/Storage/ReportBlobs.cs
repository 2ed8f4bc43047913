using Azure;
using Azure.Identity;
using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;

namespace TByte.Functions.Diagnosis.Reports;

/// <summary>The blobs of one container. Each call takes at most a time, and fails as <see cref="ReportStoreException"/>.</summary>
internal sealed class ReportBlobs(BlobContainerClient container, TimeSpan timeout, TimeProvider time)
{
    /// <summary>Writes a blob whole, in one request: readers see the one before or this one.</summary>
    public Task WriteAsync(string name, byte[] content, string contentType, CancellationToken cancellationToken) => InTimeAsync(
        async token =>
        {
            BlobClient blob = container.GetBlobClient(name);
            BlobUploadOptions options = new()
            {
                HttpHeaders = new BlobHttpHeaders { ContentType = contentType, CacheControl = "no-store" },
                TransferOptions = new() { InitialTransferSize = Math.Max(1, content.Length) },
            };
            try
            {
                await blob.UploadAsync(BinaryData.FromBytes(content), options, token).ConfigureAwait(false);
            }
            catch (RequestFailedException missing) when (missing.ErrorCode == BlobErrorCode.ContainerNotFound)
            {
                await container.CreateIfNotExistsAsync(PublicAccessType.None, cancellationToken: token).ConfigureAwait(false);
                await blob.UploadAsync(BinaryData.FromBytes(content), options, token).ConfigureAwait(false);
            }
            return true;
        },
        cancellationToken);

    /// <summary>Null when there is no such blob.</summary>
    public Task<byte[]?> ReadAsync(string name, CancellationToken cancellationToken) => InTimeAsync(
        async token =>
        {
            try
            {
                BlobDownloadResult blob = await container.GetBlobClient(name).DownloadContentAsync(token).ConfigureAwait(false);
                return blob.Content.ToArray();
            }
            catch (RequestFailedException missing)
                when (missing.ErrorCode == BlobErrorCode.BlobNotFound || missing.ErrorCode == BlobErrorCode.ContainerNotFound)
            {
                return null;
            }
        },
        cancellationToken);

    /// <summary>The first names with a prefix, in their order; at most <paramref name="most"/>, which is at most 5,000.</summary>
    public Task<IReadOnlyList<string>> FirstNamesAsync(string prefix, int most, CancellationToken cancellationToken) => InTimeAsync<IReadOnlyList<string>>(
        async token =>
        {
            AsyncPageable<BlobItem> blobs = container.GetBlobsAsync(new GetBlobsOptions { Prefix = prefix }, token);
            await foreach (Page<BlobItem> page in blobs.AsPages(pageSizeHint: most).ConfigureAwait(false))
                return [.. page.Values.Select(blob => blob.Name)];
            return [];
        },
        cancellationToken);

    public Task DeleteAsync(string name, CancellationToken cancellationToken) => InTimeAsync(
        token => container.GetBlobClient(name).DeleteIfExistsAsync(cancellationToken: token), cancellationToken);

    private async Task<T> InTimeAsync<T>(Func<CancellationToken, Task<T>> work, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            return await work(either.Token).WaitAsync(either.Token).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is RequestFailedException or AuthenticationFailedException or OperationCanceledException
            or AggregateException or (IOException and not (FileNotFoundException or FileLoadException)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw ReportStoreException.Of(failure);
        }
    }
}
