using System;
using System.Globalization;
using Microsoft.AspNetCore.Http;
using TByte.Functions.Throttling;

namespace TByte.Functions.Api.Edge;

/// <summary>
/// The fields <c>RateLimit-Policy</c> and <c>RateLimit</c> of draft-ietf-httpapi-ratelimit-headers, revision 10: which limits there
/// are, and how much of them is left. The draft may still change; nothing else knows its syntax.
/// </summary>
internal sealed class RateLimitFields(RateLimiter limiter)
{
    private readonly string _ipPolicy = PolicyItem(limiter.Ip);
    private readonly string _bothPolicies = $"{PolicyItem(limiter.Ip)}, {PolicyItem(limiter.Api)}";

    public void Write(IHeaderDictionary headers, in RateLimitVerdict verdict)
    {
        if (verdict.Api is { } api)
        {
            headers["RateLimit-Policy"] = _bothPolicies;
            headers["RateLimit"] = string.Create(
                CultureInfo.InvariantCulture,
                $"\"ip\";r={verdict.Ip.Remaining};t={Seconds(verdict.Ip, limiter.Ip)}, \"api\";r={api.Remaining};t={Seconds(api, limiter.Api)}");
        }
        else
        {
            headers["RateLimit-Policy"] = _ipPolicy;
            headers["RateLimit"] = string.Create(
                CultureInfo.InvariantCulture, $"\"ip\";r={verdict.Ip.Remaining};t={Seconds(verdict.Ip, limiter.Ip)}");
        }
    }

    private static string PolicyItem(RateLimitPolicy policy) =>
        string.Create(CultureInfo.InvariantCulture, $"\"{policy.Name}\";q={policy.Permits};w={(long)policy.Window.TotalSeconds}");

    // To one that is refused never earlier than true. To others it is a hint, and longer than the window would only puzzle them.
    private static long Seconds(PolicyVerdict verdict, RateLimitPolicy policy)
    {
        double seconds = Math.Ceiling(verdict.FreeIn.TotalSeconds);
        return (long)(verdict.IsGranted ? Math.Min(seconds, policy.Window.TotalSeconds) : seconds);
    }
}
