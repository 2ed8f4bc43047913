using System.Net;
using TByte.Functions.Api.Tests.Contract.EveryAnswer;
using TByte.Functions.LocalHost.Servers;
using TByte.Functions.Testing;

namespace TByte.Functions.Api.Tests.Contract.RequestFile;

/// <summary><c>docs/requests.http</c> works: every request is answered with the status that stands above it.</summary>
public sealed class RequestFileTests(ContractShop shop) : IClassFixture<ContractShop>
{
    private static readonly HttpRequestFile File = HttpRequestFile.Parse(
        System.IO.File.ReadAllText(Path.Combine(Repository.Find(), "docs", "requests.http")));

    private static readonly Dictionary<string, string> Mine = new()
    {
        ["host"] = "",
        ["ordersReader"] = TestToken.WithRoles(TestToken.OrdersRead),
        ["catalogWriter"] = TestToken.WithRoles(TestToken.CatalogWrite),
        ["reportsReader"] = TestToken.WithRoles(TestToken.ReportsRead),
        ["customer"] = TestToken.ForUser(1),
        ["key"] = ContractShop.Key,
        ["email"] = "{email}",
    };

    public static TheoryData<string> Titles { get; } = new(File.Requests.Select(request => request.Title).ToArray());

    [Theory]
    [MemberData(nameof(Titles))]
    public async Task Every_request_is_answered_as_expected(string title)
    {
        HttpFileRequest request = Assert.Single(File.Requests, request => request.Title == title);
        Dictionary<string, string> headers = request.Headers.ToDictionary(
            header => header.Name, header => File.Fill(header.Value, Mine), StringComparer.OrdinalIgnoreCase);
        headers.Remove("Content-Type", out string? contentType);
        ContractCall call = new(
            File.Fill(request.Url, Mine),
            Body: request.Body,
            ContentType: contentType ?? "",
            Headers: [.. headers.Select(header => (header.Key, header.Value))]);

        (await shop.AskAsync(request.Method, call)).Is((HttpStatusCode)request.Status);
    }

    [Fact]
    public void Every_operation_but_head_has_a_request()
    {
        string[] asked = [.. File.Requests.Select(request => OpenApiDocument.Checked.OperationOf(request.Method, File.Fill(request.Url, Mine).Split('?')[0])!.Id)];
        Assert.Empty(OpenApiDocument.Checked.Operations().Where(operation => operation.Method != "HEAD").Select(operation => operation.Id).Except(asked));
    }

    [Fact]
    public void Every_variable_that_is_set_is_one_of_the_file() => Assert.Empty(Mine.Keys.Except(File.Variables));
}
