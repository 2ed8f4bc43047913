using TByte.Functions.Load;
using TByte.Functions.SideBySide.Servers;

namespace TByte.Functions.SideBySide;

/// <summary>The bytes of the hot product, asked of the app that they are to be compared with.</summary>
internal static class ProductBody
{
    public static async Task<string> ReadAsync(IReadOnlyDictionary<string, string?> settings, CancellationToken cancellationToken)
    {
        await using ChildServer server = await ChildServer.StartAsync(ServerVerb.Ours, settings, cancellationToken);
        using HttpClient client = new() { BaseAddress = server.Address };
        return await client.GetStringAsync(new Uri("/api/v1/products/1", UriKind.Relative), cancellationToken);
    }
}
