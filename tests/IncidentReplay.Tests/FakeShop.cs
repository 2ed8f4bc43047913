using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace TByte.Functions.IncidentReplay.Tests;

/// <summary>A server that has products as the shop has them, and answers reads as badly as a test wants.</summary>
internal sealed class FakeShop : IAsyncDisposable
{
    public const string Page = """{"items":[{"id":7},{"id":8},{"id":9007199254740993}],"next":null}""";

    private readonly WebApplication _web;
    private int _products;

    private FakeShop(WebApplication web) => _web = web;

    public Uri Address => new(_web.Urls.First());

    /// <summary>Reads of products that have come in.</summary>
    public int Products => Volatile.Read(ref _products);

    /// <param name="product">Answers the read of a product, whose number from 0 it gets; answers 200 if not given.</param>
    /// <param name="page">Answers the read of a page; with <see cref="Page"/> if not given.</param>
    /// <param name="other">Answers everything else; 404 if not given.</param>
    public static async Task<FakeShop> StartAsync(
        Func<HttpContext, int, Task>? product = null, RequestDelegate? page = null, RequestDelegate? other = null)
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        FakeShop shop = new(builder.Build());
        shop._web.MapGet("/api/v1/products", page ?? (static context => context.Response.WriteAsync(Page)));
        shop._web.MapGet("/api/v1/products/{id:long}", context =>
        {
            int number = Interlocked.Increment(ref shop._products) - 1;
            return product?.Invoke(context, number) ?? context.Response.WriteAsync("{}");
        });
        if (other is not null)
            shop._web.MapFallback(other);
        await shop._web.StartAsync(TestContext.Current.CancellationToken);
        return shop;
    }

    public async ValueTask DisposeAsync()
    {
        // Requests that hang are not waited for.
        using CancellationTokenSource atOnce = new(TimeSpan.FromMilliseconds(100));
        try
        {
            await _web.StopAsync(atOnce.Token);
        }
        catch (OperationCanceledException)
        {
            // As meant.
        }

        await _web.DisposeAsync();
    }
}
