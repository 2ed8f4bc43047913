using System.Net;
using TByte.Functions.Postgres;

namespace TByte.Functions.SideBySide.Servers;

/// <summary>An ordinary minimal API on the shop's database; only its cache differs from peer to peer.</summary>
internal static class MinimalApi
{
    public static WebApplicationBuilder CreateBuilder(IReadOnlyDictionary<string, string?> settings)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        builder.Configuration.AddInMemoryCollection(settings);
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        builder.Services.AddShopDatabase();
        return builder;
    }
}
