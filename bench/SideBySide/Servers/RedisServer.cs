using System.Net;
using System.Text;
using StackExchange.Redis;

namespace TByte.Functions.SideBySide.Servers;

/// <summary>The floor under an answer from Redis: Kestrel, one GET for each request, and its bytes as they are.</summary>
internal static class RedisServer
{
    public const string Body = "Body";

    private static readonly RedisKey Key = "side-by-side:constant";

    public static async Task<WebApplication> CreateAsync(IReadOnlyDictionary<string, string?> settings)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        WebApplication app = builder.Build();
        ConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(settings["Redis:Connection"]!);
        app.Lifetime.ApplicationStopped.Register(connection.Dispose);
        IDatabase redis = connection.GetDatabase();
        await redis.StringSetAsync(Key, Encoding.UTF8.GetBytes(settings[Body]!));
        app.Run(async http =>
        {
            byte[] body = (await redis.StringGetAsync(Key))!;
            http.Response.ContentType = "application/json";
            http.Response.ContentLength = body.Length;
            await http.Response.Body.WriteAsync(body);
        });
        return app;
    }
}
