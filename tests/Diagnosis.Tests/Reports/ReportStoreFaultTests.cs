using System.Diagnostics;
using TByte.Functions.Diagnosis.Reports;
using TByte.Functions.Testing.Storage;

namespace TByte.Functions.Diagnosis.Tests.Reports;

/// <summary>A storage that is away costs a run little and never fails it, and what is said of it opens no doors.</summary>
public sealed class ReportStoreFaultTests
{
    private const string Key = "c2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmV0LXNlY3JldC1zZWNyZXQtc2VjcmU=";

    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nobody_there()
    {
        StoreUnderTest test = new($"DefaultEndpointsProtocol=http;AccountName=shop;AccountKey={Key};BlobEndpoint=http://127.0.0.1:9/shop;");
        await FailsAsync(test, "the storage cannot be reached");
    }

    [Fact]
    public async Task A_key_that_does_not_fit()
    {
        await using TestAzurite azurite = await TestAzurite.StartAsync(Cancellation);
        StoreUnderTest test = new(string.Join(';', azurite.Connection.Split(';').Select(part => part.StartsWith("AccountKey=", StringComparison.Ordinal) ? $"AccountKey={Key}" : part)));
        await FailsAsync(test, "the storage answered 403 AuthorizationFailure");
    }

    [Fact]
    public async Task A_storage_that_hangs_and_one_that_has_died()
    {
        await using TestAzurite azurite = await TestAzurite.StartAsync(Cancellation);
        StoreUnderTest patient = new(azurite.Connection);
        Assert.True(await patient.SaveAsync(SampleReport.At));
        StoreUnderTest test = new(azurite.Connection, TimeSpan.FromMilliseconds(500), patient.Options.Container);

        azurite.Stop();
        await FailsAsync(test, "the storage did not answer in time");
        azurite.Continue();
        Assert.Equal(SampleReport.At, await patient.LatestAsync());

        await azurite.KillAsync();
        await FailsAsync(new StoreUnderTest(azurite.Connection, container: patient.Options.Container), "the storage cannot be reached");
    }

    [Fact]
    public async Task Whoever_gives_up_waiting_is_let_go()
    {
        await using TestAzurite azurite = await TestAzurite.StartAsync(Cancellation);
        azurite.Stop();
        using var gone = new CancellationTokenSource(TimeSpan.FromMilliseconds(200));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => new StoreUnderTest(azurite.Connection).Store.ReadLatestAsync(ReportFormat.Html, gone.Token));
        azurite.Continue();
    }

    private static async Task FailsAsync(StoreUnderTest test, string problem)
    {
        long started = Stopwatch.GetTimestamp();
        Assert.False(await test.SaveAsync(SampleReport.At));
        Assert.Null(await test.Store.ReadMemoryAsync(Cancellation));
        ReportStoreException failure = await Assert.ThrowsAsync<ReportStoreException>(() => test.Store.ReadLatestAsync(ReportFormat.Html, Cancellation));

        Assert.True(Stopwatch.GetElapsedTime(started) < Deadline);
        Assert.Equal(problem, failure.Message);
        Assert.Equal(
            [$"The report could not be kept: {problem}", $"What the last run has left could not be read, so this one starts anew: {problem}"],
            test.Warnings);
        Assert.DoesNotContain(Key[..20], failure.ToString(), StringComparison.Ordinal);
    }
}
