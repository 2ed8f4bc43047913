using System;
using System.Collections.Generic;
using System.Threading;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;

namespace TByte.Functions.LocalHost.Hosting;

/// <summary>An invocation by a request; its scope is the request's, which ASP.NET Core creates on first use.</summary>
internal sealed class HttpInvocation(HostedFunction function, HttpContext http) : Invocation(function)
{
    public const string HttpContextKey = "HttpRequestContext";

    private readonly HttpContext _http = http;
    private IServiceProvider? _services;
    private HttpBindingContext? _binding;

    /// <summary>As the worker keeps it among the items, it is gone when a middleware has replaced them.</summary>
    public HttpContext? HttpContext => ExistingItems switch
    {
        null => _http,
        { } items => items.TryGetValue(HttpContextKey, out object? item) ? item as HttpContext : null,
    };

    public HttpRequest Request => _http.Request;

    public override IServiceProvider InstanceServices
    {
        get => _services ?? _http.RequestServices;
        set => _services = value;
    }

    public override CancellationToken CancellationToken => _http.RequestAborted;

    public override BindingContext BindingContext => _binding ??= new HttpBindingContext(_http.Request.RouteValues);

    public string? RouteValue(string name) => _http.Request.RouteValues[name] as string;

    protected override string? TraceParent => _http.Request.Headers.TraceParent;

    protected override string? TraceState => _http.Request.Headers.TraceState;

    protected override IDictionary<object, object> CreateItems() => new Dictionary<object, object> { [HttpContextKey] = _http };

    private sealed class HttpBindingContext(IReadOnlyDictionary<string, object?> data) : BindingContext
    {
        public override IReadOnlyDictionary<string, object?> BindingData => data;
    }
}
