using System.Net;
using TByte.Functions.Postgres;

namespace TByte.Functions.SideBySide.Servers;

/// <summary>An ordinary minimal API on the shop's database; only its cache differs from peer to peer.</summary>
internal static class MinimalApi
{
    public static WebApplicationBuilder CreateBuilder(IReadOnlyDictionary<string, string?> settings)
    {
        WebApplicationBuilder builder = WebApplication.CreateBuilder();
        // Patience while the cache is filled; what is measured does not ask the database.
        builder.Configuration.AddInMemoryCollection(settings).AddInMemoryCollection([new("Postgres:ReadBudget", "00:00:30")]);
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
