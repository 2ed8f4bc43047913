using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Http;

namespace TByte.Functions.Micro;

/// <summary>A whole invocation for a page that is in memory, all but Kestrel, plain and packed; it prints the bytes that go over the wire.</summary>
[MemoryDiagnoser]
public class PageRequest
{
    private SeededCatalog? _seeded;
    private RequestDelegate? _answer;
    private HttpContext? _http;

    [Params(20, 100)]
    public int Items { get; set; }

    [Params("identity", "gzip", "br")]
    public string Coding { get; set; } = "";

    [GlobalSetup]
    public async Task StartAsync()
    {
        _seeded = await SeededCatalog.StartAsync();
        _seeded.SeedPage(Items);
        _answer = _seeded.GetProducts;
        _http = new DefaultHttpContext { RequestServices = _seeded.Services };
        _http.Request.Method = HttpMethods.Get;
        _http.Request.QueryString = new QueryString($"?limit={Items}");
        _http.Request.Headers.AcceptEncoding = Coding;
        _http.Response.Body = Stream.Null;
        await AnswerAsync();
        string sent = _http.Response.Headers.ContentEncoding.Count == 0 ? "identity" : _http.Response.Headers.ContentEncoding.ToString();
        if (sent != Coding || _http.Response.Headers["Cache-Status"] != "tbyte-l1; hit")
            throw new InvalidOperationException("The page is not in memory, or not in this coding.");
        Console.WriteLine($"// {Items} products as {Coding}: {_http.Response.ContentLength:N0} bytes");
    }

    [GlobalCleanup]
    public async Task StopAsync() => await _seeded!.DisposeAsync();

    [Benchmark(Description = "GET page, memory hit, without Kestrel")]
    public Task AnswerAsync() => _answer!(_http!);
}
