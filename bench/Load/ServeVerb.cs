using System.Text.Json;

namespace TByte.Functions.Load;

/// <summary>The side of <see cref="ChildServer"/> that is the server: settings come by standard input, whose end is the order to stop.</summary>
internal static class ServeVerb
{
    public const string Name = "serve";
    public const string Announcement = "listening: ";

    public static async Task<Dictionary<string, string?>> ReadSettingsAsync() =>
        JsonSerializer.Deserialize<Dictionary<string, string?>>(await StandardInput.ReadLineAsync() ?? "{}")!;

    /// <summary>Tells where the server listens, and returns when it is to stop.</summary>
    public static async Task ServeAsync(Uri address)
    {
        Console.WriteLine(Announcement + address);
        while (await StandardInput.ReadLineAsync() is not null)
        {
            // Nothing more is said.
        }
    }
}
