using Microsoft.AspNetCore.Http;
using TByte.Functions.LocalHost.Hosting;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>The HTTP side of an invocation.</summary>
public static class FunctionContextExtensions
{
    /// <summary>The HTTP context of the invocation; null when no HTTP request triggered it.</summary>
    public static HttpContext? GetHttpContext(this FunctionContext context) => context switch
    {
        HttpInvocation invocation => invocation.HttpContext,
        _ => context.Items.TryGetValue(HttpInvocation.HttpContextKey, out object? item) ? item as HttpContext : null,
    };
}
