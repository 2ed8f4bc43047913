using System.Net;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;
using TByte.Functions.Api.Edge;

namespace TByte.Functions.Api.Operations;

/// <summary>Who gives an order that does not say so.</summary>
internal static class Operator
{
    public const int MostLength = 100;

    /// <summary>The subject of a valid bearer token, else where the function key came from. A key is nobody's name, and a secret.</summary>
    public static async ValueTask<string> OfAsync(HttpRequest request) =>
        await Caller.OfAsync(request) is { Subject: { } subject } && PrintableLine.Is(subject, MostLength)
            ? subject
            : $"function key from {AddressOf(request.HttpContext.Connection)}";

    private static string AddressOf(ConnectionInfo connection) => connection.RemoteIpAddress switch
    {
        null => "nowhere known",
        { IsIPv4MappedToIPv6: true } mapped => mapped.MapToIPv4().ToString(),
        IPAddress address => address.ToString(),
    };
}
