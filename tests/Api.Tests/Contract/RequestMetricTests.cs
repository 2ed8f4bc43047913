using System.Diagnostics.Metrics;
using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using TByte.Functions.Testing;

namespace TByte.Functions.Api.Tests.Contract;

public sealed class RequestMetricTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task Tells_route_method_status_and_where_the_cache_found_the_answer()
    {
        await using ApiInstance one = await ApiInstance.StartAsync(shop.Database, shop.Redis), other = await ApiInstance.StartAsync(shop.Database, shop.Redis);
        using MetricCollector<double> ofOne = Collect(one), ofOther = Collect(other);

        (await one.GetAsync("/api/v1/products/311")).Is(HttpStatusCode.OK);
        (await one.SendAsync(HttpMethod.Head, "/api/v1/products/311", null, null)).Is(HttpStatusCode.OK);
        (await one.GetAsync("/api/v1/products/999999")).Is(HttpStatusCode.NotFound);
        (await one.PutAsync("/api/v1/products/311", null, "{}")).Is(HttpStatusCode.Unauthorized);
        (await one.GetAsync("/api/health/live")).Is(HttpStatusCode.OK);
        await IsAsync(
            ofOne,
            "/api/v1/products/{id} GET 200 miss",
            "/api/v1/products/{id} HEAD 200 memory_hit",
            "/api/v1/products/{id} GET 404 ",
            "/api/v1/products/{id} PUT 401 ",
            "/api/health/live GET 200 ");

        (await other.GetAsync("/api/v1/products/311")).Is(HttpStatusCode.OK);
        await IsAsync(ofOther, "/api/v1/products/{id} GET 200 redis_hit");
    }

    private static MetricCollector<double> Collect(ApiInstance api) =>
        new(api.Services.GetRequiredService<IMeterFactory>(), "TByte.Functions.Requests", "http.server.request.duration");

    /// <summary>The client may have the answer before the server calls it complete.</summary>
    private static async Task IsAsync(MetricCollector<double> requests, params string[] expected)
    {
        await Eventually.HoldsAsync(() => requests.GetMeasurementSnapshot().Count >= expected.Length, "all are told", TestContext.Current.CancellationToken);
        Assert.Equal(expected.Order(), requests.GetMeasurementSnapshot().Select(Text).Order());
        Assert.All(requests.GetMeasurementSnapshot(), measurement => Assert.True(measurement.Value > 0));
    }

    private static string Text(CollectedMeasurement<double> measurement) => string.Join(
        ' ',
        ((string[])["http.route", "http.request.method", "http.response.status_code", "tbyte.cache.outcome"]).Select(tag => measurement.Tags.GetValueOrDefault(tag)));
}
