using System;
using System.Globalization;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;
using TByte.Functions.Caching;

namespace TByte.Functions.Api.Edge.Timing;

/// <summary>Where the time of one request went, as the field <c>Server-Timing</c>; for a request that asks for it, and for no other.</summary>
internal sealed class ServerTiming(HttpContext http, TimeProvider time)
{
    private readonly long _began = time.GetTimestamp();
    private string _spent = "";

    /// <summary>Measures from now on until the answer starts.</summary>
    public static void Begin(HttpContext http, TimeProvider time)
    {
        ServerTiming timing = new(http, time);
        http.Features.Set(timing);
        http.Response.OnStarting(timing.WriteAsync);
    }

    /// <summary>That of a request that asked for it; null for others.</summary>
    public static ServerTiming? Of(HttpContext http) => http.Features.Get<ServerTiming>();

    /// <summary>Which level of the cache has answered and, when none has, how long the database took.</summary>
    public void Read(in CacheAnswer answer) => _spent = answer.Outcome switch
    {
        CacheOutcome.MemoryHit => ", cache;desc=\"l1\"",
        CacheOutcome.RedisHit => ", cache;desc=\"l2\"",
        CacheOutcome.Stale => ", cache;desc=\"stale\"",
        _ => string.Create(CultureInfo.InvariantCulture, $", cache;desc=\"miss\", db;dur={answer.LoadTook.TotalMilliseconds:0}"),
    };

    private Task WriteAsync()
    {
        IHeaderDictionary headers = http.Response.Headers;
        headers["Server-Timing"] = string.Create(
            CultureInfo.InvariantCulture, $"total;dur={time.GetElapsedTime(_began).TotalMilliseconds:0.0##}{_spent}");
        headers["Preference-Applied"] = TimingPreference.Name;
        if (headers.CacheControl != CacheControl.NoStore)
            headers.Vary = headers.Vary.Count == 0 ? "Prefer" : $"{headers.Vary}, Prefer";
        return Task.CompletedTask;
    }
}
