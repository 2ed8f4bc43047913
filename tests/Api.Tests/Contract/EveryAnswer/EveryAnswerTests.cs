using System.Net;

namespace TByte.Functions.Api.Tests.Contract.EveryAnswer;

/// <summary>
/// What the document promises and nothing has shown is no promise: every operation is asked for every status that it lists. The answer's status,
/// headers, media type and body are held against the document, as those of all tests are.
/// </summary>
public sealed class EveryAnswerTests(ContractShop shop) : IClassFixture<ContractShop>
{
    public static TheoryData<string> Operations { get; } = new(OpenApiDocument.Checked.Operations().Select(operation => operation.Id).ToArray());

    [Theory]
    [MemberData(nameof(Operations))]
    public async Task Every_status_that_is_listed_is_answered_as_described(string id)
    {
        OpenApiDocument.Operation operation = OpenApiDocument.Checked.Operations().Single(operation => operation.Id == id);
        foreach (int status in operation.Statuses())
        {
            ContractCall? call = ContractCalls.Find(operation, status);
            Assert.True(call is not null, $"{operation} lists {status}, and no call provokes it");
            (await shop.AskAsync(operation.Method, call)).Is((HttpStatusCode)status);
        }
    }
}
