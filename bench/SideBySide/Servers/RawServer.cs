using System.Net;
using System.Text;

namespace TByte.Functions.SideBySide.Servers;

/// <summary>The ceiling: Kestrel and nothing else, answering the same bytes to everything.</summary>
internal static class RawServer
{
    public const string Body = "Body";

    public static WebApplication Create(IReadOnlyDictionary<string, string?> settings)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        WebApplication app = builder.Build();
        byte[] body = Encoding.UTF8.GetBytes(settings[Body]!);
        app.Run(http =>
        {
            http.Response.ContentType = "application/json";
            http.Response.ContentLength = body.Length;
            return http.Response.Body.WriteAsync(body).AsTask();
        });
        return app;
    }
}
