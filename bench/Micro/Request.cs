using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Http;

namespace TByte.Functions.Micro;

/// <summary>A whole invocation for a product that is in memory, all but Kestrel: binding, middleware, function, headers, body.</summary>
[MemoryDiagnoser]
public class Request
{
    private SeededCatalog? _seeded;
    private RequestDelegate? _answer;
    private HttpContext? _http;

    [GlobalSetup]
    public async Task StartAsync()
    {
        _seeded = await SeededCatalog.StartAsync();
        _answer = _seeded.GetProduct;
        _http = new DefaultHttpContext { RequestServices = _seeded.Services };
        _http.Request.Method = HttpMethods.Get;
        _http.Request.Path = "/api/v1/products/42";
        _http.Request.RouteValues["id"] = "42";
        _http.Response.Body = Stream.Null;
        await AnswerAsync();
        if (_http.Response.StatusCode != StatusCodes.Status200OK || _http.Response.Headers["Cache-Status"] != "tbyte-l1; hit")
            throw new InvalidOperationException("The product is not in memory.");
    }

    [GlobalCleanup]
    public async Task StopAsync() => await _seeded!.DisposeAsync();

    [Benchmark(Description = "GET product, memory hit, without Kestrel")]
    public Task AnswerAsync() => _answer!(_http!);
}
