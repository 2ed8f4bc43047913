using System;
using System.Buffers;
using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace TByte.Functions.Api.Edge.Correlation;

/// <summary>The name by which a request is found again in logs and traces, on all the ways that it took.</summary>
internal static class CorrelationId
{
    /// <summary>The field of requests and of answers.</summary>
    public const string Header = "X-Correlation-Id";

    private const int MostLength = 128;

    // What breaks no line and no quotes, in whatever a log is written to or read with.
    private static readonly SearchValues<char> Safe =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.:");

    private static readonly Func<ILogger, string, IDisposable?> LogScope = LoggerMessage.DefineScope<string>("CorrelationId:{CorrelationId}");

    /// <summary>The caller's own where it is sound; else that of the trace, so that both lead to the same place; else a new one.</summary>
    public static string Of(StringValues sent) => sent.Count == 1 && sent[0] is { } one && IsSound(one)
        ? one
        : (Activity.Current is { IdFormat: ActivityIdFormat.W3C } trace ? trace.TraceId : ActivityTraceId.CreateRandom()).ToHexString();

    /// <summary>That of the answer under way; null where the middleware has not been.</summary>
    public static string? Of(HttpContext http) => http.Response.Headers.TryGetValue(Header, out StringValues id) ? id[0] : null;

    /// <summary>Names the request in every line that is logged until the scope ends.</summary>
    public static IDisposable? BeginScope(ILogger logger, string id) => LogScope(logger, id);

    private static bool IsSound(string id) => id.Length is > 0 and <= MostLength && !id.AsSpan().ContainsAnyExcept(Safe);
}
