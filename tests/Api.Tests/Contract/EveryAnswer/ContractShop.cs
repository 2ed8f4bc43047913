using Azure.Storage.Blobs;
using Npgsql;
using TByte.Functions.Diagnosis;
using TByte.Functions.Diagnosis.Reports;
using TByte.Functions.Testing.Postgres;
using TByte.Functions.Testing.Storage;

namespace TByte.Functions.Api.Tests.Contract.EveryAnswer;

/// <summary>An Api for each condition that an answer may depend on.</summary>
public sealed class ContractShop(PostgresFixture postgres) : Shop(postgres)
{
    private const string Nowhere = "127.0.0.1:9";
    internal const string Key = "a2V5IG9mIHRoZSBjb250cmFjdA==";
    private const string NoStorage = "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=YQ==;BlobEndpoint=http://127.0.0.1:9/a;";

    private readonly PostgresFixture _postgres = postgres;
    private readonly AzuriteFixture _azurite = new();
    private readonly Dictionary<Condition, Lazy<Task<ApiInstance>>> _instances = [];
    private string _email = "";

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _email = await OneAsync<string>("select email from users where active order by id limit 1");
        _instances[Condition.Well] = new(StartWellAsync);
        _instances[Condition.WithoutReports] = new(() => ApiInstance.StartAsync(Database, Redis, Key));
        _instances[Condition.UsedUp] = new(StartUsedUpAsync);
        _instances[Condition.Broken] = new(StartBrokenAsync);
        _instances[Condition.Alone] = new(() => ApiInstance.StartAsync(
            new NpgsqlConnectionStringBuilder(Database) { Port = 9 }.ConnectionString, Nowhere, Key,
            ("Reports:Connection", NoStorage), ("Reports:Timeout", "00:00:00.500")));
    }

    internal async Task<Answer> AskAsync(string method, ContractCall call)
    {
        using StringContent? body = call.Body is null ? null : new StringContent(call.Body, new System.Net.Http.Headers.MediaTypeHeaderValue(call.ContentType));
        (string, string)[] headers = call.HasKey ? [.. call.Headers, ("x-functions-key", Key)] : call.Headers;
        ApiInstance api = await _instances[call.Condition].Value;
        return await api.SendAsync(new HttpMethod(method), call.Path.Replace("{email}", _email, StringComparison.Ordinal), call.Token, body, headers);
    }

    public override async ValueTask DisposeAsync()
    {
        foreach (Lazy<Task<ApiInstance>> instance in _instances.Values.Where(instance => instance.IsValueCreated))
            await (await instance.Value).DisposeAsync();
        await _azurite.DisposeAsync();
        await base.DisposeAsync();
    }

    private async Task<ApiInstance> StartWellAsync()
    {
        string connection = (await _azurite.StartedAsync()).Connection;
        BlobContainerClient blobs = new BlobServiceClient(connection).GetBlobContainerClient("contract");
        await blobs.CreateAsync(cancellationToken: TestContext.Current.CancellationToken);
        DiagnosisReport report = SampleReport.Of(DateTimeOffset.UnixEpoch);
        await blobs.UploadBlobAsync("latest.json", BinaryData.FromBytes(ReportJson.Write(report)), TestContext.Current.CancellationToken);
        await blobs.UploadBlobAsync("latest.html", BinaryData.FromString(ReportHtml.Write(report)), TestContext.Current.CancellationToken);
        return await ApiInstance.StartAsync(
            Database, Redis, Key, ("Reports:Connection", connection), ("Reports:Container", "contract"), ("Reports:Timeout", "00:00:30"));
    }

    // Without Redis, because the others come from the same address.
    private async Task<ApiInstance> StartUsedUpAsync()
    {
        ApiInstance api = await ApiInstance.StartAsync(Database, "", Key, ("RateLimits:Ip:Permits", 1));
        await api.GetAsync("/api/openapi.json");
        return api;
    }

    private async Task<ApiInstance> StartBrokenAsync()
    {
        string database = await _postgres.CreateDatabaseAsync();
        await using NpgsqlConnection connection = new(database);
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using NpgsqlCommand drop = new("drop table order_items, orders, products, users, categories cascade", connection);
        await drop.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        return await ApiInstance.StartAsync(database, "", Key);
    }
}
