using System;
using System.IO;
using System.Text.Json;

namespace TByte.Functions.LocalHost.Hosting;

/// <summary>What LocalHost honours of an app's host.json.</summary>
internal static class HostJson
{
    private static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>The prefix of the app's routes, from apps/Name/host.json beside the program.</summary>
    public static string ReadRoutePrefix(string app)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "apps", app, "host.json");
        return File.Exists(path) ? ParseRoutePrefix(File.ReadAllText(path)) : DefaultPrefix;
    }

    public static string ParseRoutePrefix(string json)
    {
        using JsonDocument host = JsonDocument.Parse(json, Lenient);
        return host.RootElement.TryGetProperty("extensions", out JsonElement extensions)
            && extensions.TryGetProperty("http", out JsonElement http)
            && http.TryGetProperty("routePrefix", out JsonElement prefix)
            && prefix.GetString() is { } value ? value.Trim('/') : DefaultPrefix;
    }

    private const string DefaultPrefix = "api";
}
