using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;
using TByte.Functions.Api.Edge;

namespace TByte.Functions.Api.Operations;

/// <summary>Who gives an order that does not say so.</summary>
internal static class Operator
{
    public const int MostLength = 100;

    /// <summary>The subject of a valid bearer token, else where the function key came from. A key is nobody's name, and a secret.</summary>
    public static async ValueTask<string> OfAsync(HttpRequest request, ClientAddress client) =>
        await Caller.OfAsync(request) is { Subject: { } subject } && PrintableLine.Is(subject, MostLength)
            ? subject
            : $"function key from {client.Of(request.HttpContext)}";
}
