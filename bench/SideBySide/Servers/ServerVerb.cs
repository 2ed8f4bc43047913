using TByte.Functions.Load;
using TByte.Functions.LocalHost.Hosting;

namespace TByte.Functions.SideBySide.Servers;

/// <summary>Names the servers that are compared, and runs one of them.</summary>
internal static class ServerVerb
{
    public const string Raw = "kestrel-raw";
    public const string Redis = "redis-raw";
    public const string Ours = "ours";
    public const string OursWithoutTokens = "ours-without-tokens";
    public const string HybridCache = "hybrid-cache";
    public const string FusionCache = "fusion-cache";
    public const string OtlpSink = "otlp-sink";

    public static async Task RunAsync(string name)
    {
        Dictionary<string, string?> settings = await ServeVerb.ReadSettingsAsync();
        switch (name)
        {
            case Ours:
                await ServeAsync(await OurServer.StartAsync(settings));
                break;
            case OursWithoutTokens:
                await ServeAsync(await OurServer.StartWithoutTokensAsync(settings));
                break;
            case Raw:
                await ServeAsync(RawServer.Create(settings));
                break;
            case Redis:
                await ServeAsync(await RedisServer.CreateAsync(settings));
                break;
            case OtlpSink:
                await ServeAsync(OtlpSinkServer.Create());
                break;
            case HybridCache:
                await ServeAsync(HybridCacheServer.Create(settings));
                break;
            case FusionCache:
                await ServeAsync(FusionCacheServer.Create(settings));
                break;
            default:
                throw new ArgumentException($"There is no server {name}.", nameof(name));
        }
    }

    private static async Task ServeAsync(LocalFunctionApp app)
    {
        await using (app)
            await ServeVerb.ServeAsync(app.Address);
    }

    private static async Task ServeAsync(WebApplication app)
    {
        await using (app)
        {
            await app.StartAsync();
            await ServeVerb.ServeAsync(new Uri(app.Urls.First()));
        }
    }
}
