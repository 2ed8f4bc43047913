using System.Net;
using Azure.Storage.Blobs;
using TByte.Functions.Diagnosis;
using TByte.Functions.Diagnosis.Reports;
using TByte.Functions.Testing.Storage;

namespace TByte.Functions.Api.Tests.Contract;

public sealed class DiagnosisTests(Shop shop, AzuriteFixture azurite) : IClassFixture<Shop>, IClassFixture<AzuriteFixture>
{
    private const string Report = "/api/ops/diagnosis";

    private static readonly DateTimeOffset Now = new(2026, 3, 14, 9, 26, 53, TimeSpan.Zero);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Is_a_page_that_may_do_nothing()
    {
        await using ApiInstance api = await StartAsync(withReport: true);
        Answer answer = (await api.GetAsync(Report)).Is(HttpStatusCode.OK);

        Assert.Equal("text/html; charset=utf-8", answer["Content-Type"]);
        Assert.Equal("private, no-cache", answer["Cache-Control"]);
        Assert.StartsWith("default-src 'none'; style-src 'unsafe-inline'", answer["Content-Security-Policy"], StringComparison.Ordinal);
        Assert.Equal("nosniff", answer["X-Content-Type-Options"]);
        Assert.Equal("no-referrer", answer["Referrer-Policy"]);
        Assert.Equal("Accept, x-functions-key", answer["Vary"]);
        Assert.Equal(ReportHtml.Write(Sample()), answer.Text);
        Assert.DoesNotContain(SampleReport.Hostile, answer.Text, StringComparison.Ordinal);

        Answer head = await api.SendAsync(HttpMethod.Head, Report, null, body: null);
        Assert.Empty(head.Body);
        Assert.Equal(answer.ComparableHeaders, head.ComparableHeaders);
    }

    [Theory]
    [InlineData("?format=json", null)]
    [InlineData("?format=json", "text/html")]
    [InlineData("", "application/json")]
    [InlineData("", "application/json, text/plain, */*")]
    [InlineData("", "text/html;q=0.5, application/json;q=0.9")]
    public async Task Is_json_for_those_who_ask_for_it(string query, string? accept)
    {
        await using ApiInstance api = await StartAsync(withReport: true);
        Answer answer = (await AskAsync(api, query, accept)).Is(HttpStatusCode.OK);

        Assert.Equal("application/json", answer["Content-Type"]);
        Assert.Equal("nosniff", answer["X-Content-Type-Options"]);
        Assert.Equal(ReportJson.Write(Sample()), answer.Body);
    }

    [Theory]
    [InlineData("?format=html")]
    [InlineData("?format=json")]
    public async Task Is_spared_whoever_has_it(string query)
    {
        await using ApiInstance api = await StartAsync(withReport: true);
        Answer full = (await api.GetAsync(Report + query)).Is(HttpStatusCode.OK);
        Answer spared = (await api.GetAsync(Report + query, null, ("If-None-Match", full.ETag!))).Is(HttpStatusCode.NotModified);
        Assert.Empty(spared.Body);
        foreach (string header in (string[])["ETag", "Cache-Control", "Vary", "Content-Security-Policy"])
            Assert.Equal(full[header], spared[header]);
    }

    [Theory]
    [InlineData("?format=html", "application/json")]
    [InlineData("", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8")]
    [InlineData("", "*/*")]
    [InlineData("", "text/html, application/json")]
    [InlineData("", "application/json;q=0")]
    [InlineData("", "image/png")]
    [InlineData("", ";;,/")]
    public async Task Is_a_page_for_everybody_else(string query, string accept)
    {
        await using ApiInstance api = await StartAsync(withReport: true);
        Assert.Equal("text/html; charset=utf-8", (await AskAsync(api, query, accept)).Is(HttpStatusCode.OK)["Content-Type"]);
    }

    [Theory]
    [InlineData("?format=")]
    [InlineData("?format=pdf")]
    [InlineData("?format=JSON")]
    [InlineData("?format=json&format=html")]
    [InlineData("?format=json%00")]
    public async Task Another_format_is_a_bad_request(string query) => (await shop.Api.GetAsync(Report + query)).IsBadRequest("format");

    [Fact]
    public async Task Before_the_first_report_there_is_none()
    {
        await using ApiInstance api = await StartAsync(withReport: false);
        Answer answer = (await api.GetAsync(Report)).IsProblem(HttpStatusCode.NotFound, "not-found");
        Assert.Contains("no report yet", answer.Text, StringComparison.Ordinal);

        answer = (await shop.Api.GetAsync(Report)).IsProblem(HttpStatusCode.NotFound, "not-found");
        Assert.Contains("Reports:Connection", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_store_that_is_away_is_a_503_in_time()
    {
        await using TestAzurite storage = await TestAzurite.StartAsync(Cancellation);
        await using ApiInstance api = await ApiInstance.StartAsync(
            shop.Database, shop.Redis, ("Reports:Connection", storage.Connection), ("Reports:Timeout", "00:00:00.500"));
        storage.Stop();
        await IsAwayAsync();
        storage.Continue();
        await storage.KillAsync();
        await IsAwayAsync();

        async Task IsAwayAsync()
        {
            Answer answer = (await api.GetAsync(Report).WaitAsync(TimeSpan.FromSeconds(20), Cancellation))
                .IsProblem(HttpStatusCode.ServiceUnavailable, "unavailable");
            Assert.Equal("10", answer["Retry-After"]);
            Assert.DoesNotContain("127.0.0.1", answer.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task The_status_tells_where_it_is_and_asks_nobody()
    {
        await using ApiInstance api = await ApiInstance.StartAsync(
            shop.Database, shop.Redis, ("Reports:Connection", "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=YQ==;BlobEndpoint=http://127.0.0.1:9/a;"));
        Assert.Equal(Report, (await api.GetAsync("/api/ops/status")).Is(HttpStatusCode.OK).Json.GetProperty("diagnosis").GetString());
    }

    [Fact]
    public async Task Needs_a_function_key_where_keys_are_asked_for()
    {
        const string Key = "dGhlIGtleSBvZiB0aGUgaG91c2U=";
        await using ApiInstance api = await ApiInstance.StartAsync(shop.Database, shop.Redis, Key);

        Assert.Empty((await api.GetAsync(Report)).Is(HttpStatusCode.Unauthorized).Body);
        Assert.Empty((await api.SendAsync(HttpMethod.Head, Report, null, null)).Is(HttpStatusCode.Unauthorized).Body);
        (await api.GetAsync(Report, null, ("x-functions-key", Key))).IsProblem(HttpStatusCode.NotFound, "not-found");
    }

    private async Task<ApiInstance> StartAsync(bool withReport)
    {
        string connection = (await azurite.StartedAsync()).Connection;
        string container = "t" + Guid.NewGuid().ToString("N");
        if (withReport)
        {
            BlobContainerClient blobs = new BlobServiceClient(connection).GetBlobContainerClient(container);
            await blobs.CreateAsync(cancellationToken: Cancellation);
            await blobs.UploadBlobAsync("latest.json", BinaryData.FromBytes(ReportJson.Write(Sample())), Cancellation);
            await blobs.UploadBlobAsync("latest.html", BinaryData.FromString(ReportHtml.Write(Sample())), Cancellation);
        }
        return await ApiInstance.StartAsync(
            shop.Database, shop.Redis, ("Reports:Connection", connection), ("Reports:Container", container), ("Reports:Timeout", "00:00:30"));
    }

    private static Task<Answer> AskAsync(ApiInstance api, string query, string? accept) =>
        accept is null ? api.GetAsync(Report + query) : api.GetAsync(Report + query, null, ("Accept", accept));

    private static DiagnosisReport Sample() => SampleReport.Of(Now);
}
