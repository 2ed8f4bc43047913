using System.Text;
using Azure.Storage.Blobs.Models;
using Azure.Storage.Blobs.Specialized;
using TByte.Functions.Diagnosis.Reports;
using TByte.Functions.Testing.Storage;

namespace TByte.Functions.Diagnosis.Tests.Reports;

public sealed class ReportStoreTests(AzuriteFixture azurite) : IClassFixture<AzuriteFixture>
{
    private static readonly DateTimeOffset Now = SampleReport.At;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_was_saved_is_read_back()
    {
        StoreUnderTest test = await CreateAsync();
        Assert.Null(await test.Store.ReadLatestAsync(ReportFormat.Html, Cancellation));
        Assert.Null(await test.Store.ReadMemoryAsync(Cancellation));

        Assert.True(await test.SaveAsync(Now.AddMinutes(-15)));
        Assert.True(await test.SaveAsync(Now));

        Assert.True(test.Store.IsShared);
        Assert.Equal(ReportJson.Write(StoreUnderTest.ReportOf(Now)), await test.Store.ReadLatestAsync(ReportFormat.Json, Cancellation));
        Assert.Equal(ReportHtml.Write(StoreUnderTest.ReportOf(Now)), Encoding.UTF8.GetString((await test.Store.ReadLatestAsync(ReportFormat.Html, Cancellation))!));
        Assert.Equal(Now, (await test.Store.ReadMemoryAsync(Cancellation))!.At);
        Assert.Equal(
            [
                "latest.html", "latest.json", "memory.json", "reports/2026/03/14/091153Z.html", "reports/2026/03/14/091153Z.json",
                "reports/2026/03/14/092653Z.html", "reports/2026/03/14/092653Z.json",
            ],
            await test.NamesAsync());
        Assert.Empty(test.Warnings);
    }

    [Fact]
    public async Task The_container_is_closed_and_says_what_its_blobs_are()
    {
        StoreUnderTest test = await CreateAsync();
        await test.SaveAsync(Now);

        Assert.Equal(PublicAccessType.None, (await test.Container.GetAccessPolicyAsync(cancellationToken: Cancellation)).Value.BlobPublicAccess);
        Assert.Equal("text/html; charset=utf-8", (await test.Container.GetBlobClient("latest.html").GetPropertiesAsync(cancellationToken: Cancellation)).Value.ContentType);
        Assert.Equal("application/json", (await test.Container.GetBlobClient("memory.json").GetPropertiesAsync(cancellationToken: Cancellation)).Value.ContentType);
    }

    [Fact]
    public async Task Old_reports_are_deleted_a_few_with_each_run_and_nothing_else_is()
    {
        StoreUnderTest test = await CreateAsync();
        await test.Container.CreateAsync(cancellationToken: Cancellation);
        string[] others = ["reports/0000.txt", "reports/2020/01/01/000000Z.txt", "reports/2020/01/01/notes.json", "other/2020/01/01/000000Z.json"];
        foreach (string name in others)
            await test.PutAsync(name, "kept");
        foreach (int hour in Enumerable.Range(10, 10))
        {
            await test.PutAsync($"reports/2025/12/24/{hour}0000Z.json", "old");
            await test.PutAsync($"reports/2025/12/24/{hour}0000Z.html", "old");
        }
        await test.PutAsync("reports/2026/02/13/120000Z.json", "29 days old");

        await test.SaveAsync(Now);
        int left = (await test.NamesAsync()).Count(IsOld);
        Assert.InRange(left, 1, 19);
        await test.SaveAsync(Now.AddMinutes(1));

        IReadOnlyList<string> names = await test.NamesAsync();
        Assert.DoesNotContain(names, IsOld);
        Assert.Equal(5, names.Count(name => name.StartsWith("reports/2026/", StringComparison.Ordinal)));
        Assert.All(others, name => Assert.Contains(name, names));

        static bool IsOld(string name) => name.StartsWith("reports/2025/", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_that_ends_on_the_way_leaves_the_report_before_it()
    {
        StoreUnderTest test = await CreateAsync();
        await test.SaveAsync(Now.AddMinutes(-15));
        // Nobody but the lease's holder may write it: the run gets as far as this blob.
        BlobLeaseClient lease = test.Container.GetBlobClient("memory.json").GetBlobLeaseClient();
        await lease.AcquireAsync(TimeSpan.FromSeconds(60), cancellationToken: Cancellation);

        Assert.False(await test.SaveAsync(Now));

        Assert.Equal("The report could not be kept: the storage answered 412 LeaseIdMissing", Assert.Single(test.Warnings));
        Assert.Equal(Now.AddMinutes(-15), await test.LatestAsync());
        Assert.Contains("reports/2026/03/14/092653Z.html", await test.NamesAsync());
        await lease.ReleaseAsync(cancellationToken: Cancellation);
        Assert.True(await test.SaveAsync(Now));
        Assert.Equal(Now, await test.LatestAsync());
    }

    [Fact]
    public async Task Two_that_write_at_once_leave_whole_reports()
    {
        StoreUnderTest one = await CreateAsync();
        StoreUnderTest other = new(one.Options.Connection, container: one.Options.Container);
        Assert.True(await one.SaveAsync(Now));
        Task writing = Task.WhenAll(WriteAsync(one, Now), WriteAsync(other, Now.AddDays(1)));

        do
        {
            Assert.Contains(await one.LatestAsync(), (DateTimeOffset?[])[Now, Now.AddDays(1)]);
            string page = Encoding.UTF8.GetString((await one.Store.ReadLatestAsync(ReportFormat.Html, Cancellation))!);
            Assert.EndsWith("</html>\n", page, StringComparison.Ordinal);
            Assert.NotNull(await other.Store.ReadMemoryAsync(Cancellation));
        }
        while (!writing.IsCompleted);
        await writing;
        Assert.Empty(one.Warnings.Concat(other.Warnings));

        static async Task WriteAsync(StoreUnderTest store, DateTimeOffset at)
        {
            for (int i = 0; i < 5; i++)
                Assert.True(await store.SaveAsync(at));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("\u0000\u0001")]
    public async Task A_memory_that_is_none_is_no_memory(string content)
    {
        StoreUnderTest test = await CreateAsync();
        await test.SaveAsync(Now);
        await test.PutAsync("memory.json", content);

        Assert.Null(await test.Store.ReadMemoryAsync(Cancellation));
        Assert.Contains("it is not what such a run writes", Assert.Single(test.Warnings), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_storage_the_newest_is_kept_in_memory()
    {
        ReportStore store = new(new ReportOptions(), credential: null, TimeProvider.System, new Microsoft.Extensions.Logging.Testing.FakeLogger<ReportStore>());
        Assert.False(store.IsShared);
        Assert.Null(await store.ReadLatestAsync(ReportFormat.Json, Cancellation));
        Assert.Null(await store.ReadMemoryAsync(Cancellation));

        Assert.True(await store.SaveAsync(StoreUnderTest.ReportOf(Now), StoreUnderTest.MemoryOf(Now), Cancellation));

        Assert.Equal(Now, ReportJson.ReadReport(await store.ReadLatestAsync(ReportFormat.Json, Cancellation)).At);
        Assert.StartsWith("<!doctype html>", Encoding.UTF8.GetString((await store.ReadLatestAsync(ReportFormat.Html, Cancellation))!), StringComparison.Ordinal);
        Assert.Equal(Now, (await store.ReadMemoryAsync(Cancellation))!.At);
    }

    private async Task<StoreUnderTest> CreateAsync() => new((await azurite.StartedAsync()).Connection);
}
