using System.Text;
using System.Text.Json;
using Azure.Core;
using Microsoft.Extensions.Logging;

namespace TByte.Functions.Diagnosis.Reports;

/// <summary>
/// Keeps reports: each under its time as JSON and as a page, the newest also as <c>latest</c>, and what the next run needs as <c>memory.json</c>.
/// Every blob is written whole and <c>latest</c> last, so a run that dies on the way, or two at once, leave whole reports behind.
/// </summary>
public sealed class ReportStore
{
    // Of blobs, in one run; more than one run makes, so that a backlog goes down.
    private const int MostDeletions = 20;

    private static readonly ReportFormat[] Formats = [ReportFormat.Json, ReportFormat.Html];

    private readonly ReportBlobs? _blobs;
    private readonly ReportOptions _options;
    private readonly ILogger<ReportStore> _logger;
    private volatile Kept? _kept;

    internal ReportStore(ReportOptions options, TokenCredential? credential, TimeProvider time, ILogger<ReportStore> logger)
    {
        _blobs = ReportContainer.Open(options, credential) is { } container ? new ReportBlobs(container, options.Timeout, time) : null;
        _options = options;
        _logger = logger;
    }

    /// <summary>Whether reports are kept where other instances and other apps find them; else only in this process.</summary>
    public bool IsShared => _blobs is not null;

    /// <summary>Keeps a report, and deletes a few of those that are too old. What fails is one line in the log.</summary>
    /// <returns>Whether the report was kept.</returns>
    public async Task<bool> SaveAsync(DiagnosisReport report, DiagnosisMemory memory, CancellationToken cancellationToken)
    {
        var kept = new Kept(ReportJson.Write(report), Encoding.UTF8.GetBytes(ReportHtml.Write(report)), memory);
        if (_blobs is null)
        {
            _kept = kept;
            return true;
        }

        try
        {
            await WriteAsync(_blobs, report.At, kept, cancellationToken).ConfigureAwait(false);
        }
        catch (ReportStoreException failure)
        {
            _logger.LogWarning("The report could not be kept: {Problem}", failure.Message);
            return false;
        }

        await DeleteOldAsync(_blobs, report.At - _options.Retention, cancellationToken).ConfigureAwait(false);
        return true;
    }

    /// <summary>What the last run has left; null when there is nothing, or nothing that can be read, which is one line in the log.</summary>
    public async Task<DiagnosisMemory?> ReadMemoryAsync(CancellationToken cancellationToken)
    {
        if (_blobs is null)
            return _kept?.Memory;

        try
        {
            return await _blobs.ReadAsync(ReportNames.Memory, cancellationToken).ConfigureAwait(false) is { } json ? ReportJson.ReadMemory(json) : null;
        }
        catch (Exception failure) when (failure is ReportStoreException or JsonException)
        {
            _logger.LogWarning(
                "What the last run has left could not be read, so this one starts anew: {Problem}",
                failure is ReportStoreException ? failure.Message : "it is not what such a run writes");
            return null;
        }
    }

    /// <summary>The newest report as UTF-8; null when there is none.</summary>
    /// <exception cref="ReportStoreException">The store could not be asked, or did not answer in time.</exception>
    public async Task<byte[]?> ReadLatestAsync(ReportFormat format, CancellationToken cancellationToken) => _blobs is null
        ? _kept?.Of(format)
        : await _blobs.ReadAsync(ReportNames.Latest(format), cancellationToken).ConfigureAwait(false);

    private static async Task WriteAsync(ReportBlobs blobs, DateTimeOffset at, Kept kept, CancellationToken cancellationToken)
    {
        foreach (ReportFormat format in Formats)
            await WriteAsync(ReportNames.Of(at, format), format).ConfigureAwait(false);
        await blobs.WriteAsync(
            ReportNames.Memory, ReportJson.Write(kept.Memory), ReportNames.ContentType(ReportFormat.Json), cancellationToken).ConfigureAwait(false);
        foreach (ReportFormat format in Formats)
            await WriteAsync(ReportNames.Latest(format), format).ConfigureAwait(false);

        Task WriteAsync(string name, ReportFormat format) =>
            blobs.WriteAsync(name, kept.Of(format), ReportNames.ContentType(format), cancellationToken);
    }

    private async Task DeleteOldAsync(ReportBlobs blobs, DateTimeOffset before, CancellationToken cancellationToken)
    {
        try
        {
            // Names sort by time, so the first are the oldest.
            foreach (string name in await blobs.FirstNamesAsync(ReportNames.Folder, MostDeletions, cancellationToken).ConfigureAwait(false))
            {
                if (ReportNames.TimeOf(name) < before)
                    await blobs.DeleteAsync(name, cancellationToken).ConfigureAwait(false);
            }
        }
        catch (ReportStoreException failure)
        {
            _logger.LogWarning("Old reports could not be deleted: {Problem}", failure.Message);
        }
    }

    private sealed record Kept(byte[] Json, byte[] Html, DiagnosisMemory Memory)
    {
        public byte[] Of(ReportFormat format) => format == ReportFormat.Html ? Html : Json;
    }
}
