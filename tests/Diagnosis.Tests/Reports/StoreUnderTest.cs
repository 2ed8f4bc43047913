using Azure.Storage.Blobs;
using Azure.Storage.Blobs.Models;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;
using TByte.Functions.Diagnosis.Reports;

namespace TByte.Functions.Diagnosis.Tests.Reports;

/// <summary>A store in a container of its own, and a look into it that does not go through the store.</summary>
internal sealed class StoreUnderTest
{
    private readonly FakeLogCollector _logs = new();

    public StoreUnderTest(string connection, TimeSpan? timeout = null, string? container = null)
    {
        // On a busy machine a storage that is well may need longer than an app would wait for it.
        Options = new ReportOptions
        {
            Connection = connection,
            Container = container ?? "t" + Guid.NewGuid().ToString("N"),
            Timeout = timeout ?? TimeSpan.FromSeconds(30),
        };
        Store = new ReportStore(Options, credential: null, TimeProvider.System, new FakeLogger<ReportStore>(_logs));
        Container = new BlobServiceClient(connection).GetBlobContainerClient(Options.Container);
    }

    public ReportOptions Options { get; }

    public ReportStore Store { get; }

    public BlobContainerClient Container { get; }

    public IEnumerable<string> Warnings => _logs.GetSnapshot().Where(record => record.Level >= LogLevel.Warning).Select(record => record.Message);

    public static DiagnosisReport ReportOf(DateTimeOffset at) => SampleReport.Create() with { At = at };

    public static DiagnosisMemory MemoryOf(DateTimeOffset at) => new(at, new Dictionary<string, ServerCounters>(), Redis: null, [.. SampleReport.History(3)]);

    public Task<bool> SaveAsync(DateTimeOffset at) => Store.SaveAsync(ReportOf(at), MemoryOf(at), TestContext.Current.CancellationToken);

    public async Task<DateTimeOffset?> LatestAsync() =>
        await Store.ReadLatestAsync(ReportFormat.Json, TestContext.Current.CancellationToken) is { } json ? ReportJson.ReadReport(json).At : null;

    public async Task<IReadOnlyList<string>> NamesAsync()
    {
        List<string> names = [];
        await foreach (BlobItem blob in Container.GetBlobsAsync(cancellationToken: TestContext.Current.CancellationToken))
            names.Add(blob.Name);
        return names;
    }

    public Task PutAsync(string name, string content) =>
        Container.GetBlobClient(name).UploadAsync(BinaryData.FromString(content), overwrite: true, TestContext.Current.CancellationToken);
}
