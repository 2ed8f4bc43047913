using System.Globalization;
using StackExchange.Redis;
using TByte.Functions.Redis;

namespace TByte.Functions.Throttling;

/// <summary>What an instance tells when it asks for permits.</summary>
/// <param name="Number">The call's own, higher than that of every call before.</param>
/// <param name="Answered">Number of the last call that was answered; 0 for none.</param>
/// <param name="OfLease">Permits spent of those that it brought.</param>
/// <param name="Alone">Permits spent without the fleet since.</param>
/// <param name="Recent">Permits spent within the last window, all in all.</param>
/// <param name="IdleMilliseconds">How long ago the last was spent.</param>
/// <param name="Wanted">How many requests wait for one.</param>
internal readonly record struct PermitCall(long Number, long Answered, int OfLease, int Alone, int Recent, long IdleMilliseconds, int Wanted);

/// <summary>What the store grants.</summary>
/// <param name="Granted">To those who wait.</param>
/// <param name="Ahead">To those who come later.</param>
/// <param name="LeaseMilliseconds">Until when both may be spent, from when they were asked for.</param>
/// <param name="Left">What the fleet could still take now.</param>
/// <param name="FreeInMilliseconds">When more come free.</param>
internal readonly record struct PermitGrant(int Granted, int Ahead, long LeaseMilliseconds, int Left, long FreeInMilliseconds);

/// <summary>The permits of one policy that the fleet shares: one string for each caller, one script, by the store's own clock.</summary>
internal sealed class PermitStore(RateLimitPolicy policy, ScriptCall call, string instance)
{
    private static readonly string Script = EmbeddedScript.Load("TByte.Functions.Throttling.RateLimits.Lua.take_permits.lua");

    /// <summary>Null when there is no answer in time, or a later call has overtaken this one.</summary>
    public async ValueTask<PermitGrant?> TakeAsync(CallerKey caller, PermitCall asked)
    {
        string? reply = await call(
            Script,
            KeyOf(policy, caller),
            [
                instance, asked.Number, asked.Answered, asked.OfLease, asked.Alone, asked.Recent, asked.IdleMilliseconds,
                policy.Permits, Milliseconds(policy.Window), Milliseconds(policy.Slice), Milliseconds(policy.Lease), asked.Wanted,
            ]).ConfigureAwait(false);
        return Parse(reply);
    }

    internal static RedisKey KeyOf(RateLimitPolicy policy, CallerKey caller) => $"tb:{{rate:{policy.Name}:{caller}}}";

    private static PermitGrant? Parse(ReadOnlySpan<char> reply)
    {
        Span<Range> parts = stackalloc Range[6];
        return reply.Split(parts, ' ') == 5
            && int.TryParse(reply[parts[0]], NumberStyles.None, CultureInfo.InvariantCulture, out int granted)
            && int.TryParse(reply[parts[1]], NumberStyles.None, CultureInfo.InvariantCulture, out int ahead)
            && int.TryParse(reply[parts[3]], NumberStyles.None, CultureInfo.InvariantCulture, out int left)
            && long.TryParse(reply[parts[2]], NumberStyles.None, CultureInfo.InvariantCulture, out long lease)
            && long.TryParse(reply[parts[4]], NumberStyles.None, CultureInfo.InvariantCulture, out long free)
            ? new PermitGrant(granted, ahead, lease, left, free)
            : null;
    }

    private static long Milliseconds(TimeSpan time) => (long)time.TotalMilliseconds;
}
