using System.Text.Json;
using System.Text.Json.Serialization;
using StackExchange.Redis;
using TByte.Functions.Redis;

namespace TByte.Functions.Operations;

/// <summary>What the instances tell of themselves in Redis, so that one place can look at all of them.</summary>
internal static class FleetStatus
{
    /// <summary>An instance that has been silent for longer is not counted any more.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(1);

    public static readonly RedisKey Key = "tb:{fleet}:status";

    private static readonly string Script = EmbeddedScript.Load("TByte.Functions.Operations.Lua.publish_status.lua");

    /// <summary>Tells it. Whether Redis has taken it matters to nobody: the next one is due soon.</summary>
    public static ValueTask<string?> PublishAsync(ScriptCall call, InstanceStatus status) => call(
        Script, Key, [status.Instance, JsonSerializer.Serialize(status, FleetStatusJson.Default.InstanceStatus), (long)Life.TotalMilliseconds]);

    /// <summary>Those that are alive.</summary>
    /// <param name="entries">All of <see cref="Key"/>.</param>
    /// <param name="nowMs">By Redis' own clock.</param>
    public static IReadOnlyList<InstanceStatus> Read(HashEntry[] entries, long nowMs) => [.. ReadTold(entries, nowMs).Select(static told => told.Status)];

    /// <inheritdoc cref="Read"/>
    public static IReadOnlyList<ToldStatus> ReadTold(HashEntry[] entries, long nowMs) =>
        [.. entries.Select(entry => Parse(entry.Value.ToString(), nowMs)).OfType<ToldStatus>()];

    private static ToldStatus? Parse(string told, long nowMs)
    {
        int end = told.IndexOf('\n', StringComparison.Ordinal);
        if (end < 0 || !long.TryParse(told.AsSpan(0, end), out long at) || nowMs - at > Life.TotalMilliseconds)
            return null;

        try
        {
            return JsonSerializer.Deserialize(told.AsSpan(end + 1), FleetStatusJson.Default.InstanceStatus) is { } status
                ? new ToldStatus(status, TimeSpan.FromMilliseconds(Math.Max(0, nowMs - at)))
                : null;
        }
        catch (JsonException)
        {
            // Told by a version that has other words.
            return null;
        }
    }
}

/// <summary>What an instance has told, and how long ago.</summary>
internal readonly record struct ToldStatus(InstanceStatus Status, TimeSpan Ago);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectRequiredConstructorParameters = true, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(InstanceStatus))]
internal sealed partial class FleetStatusJson : JsonSerializerContext;
