using System.Net;
using Npgsql;

namespace TByte.Functions.Api.Tests.Contract;

public sealed class HealthTests(Shop shop) : IClassFixture<Shop>
{
    private const string Nowhere = "127.0.0.1:9";

    private string NoDatabase => new NpgsqlConnectionStringBuilder(shop.Database) { Port = 9 }.ConnectionString;

    [Fact]
    public async Task All_is_well()
    {
        await IsAsync(shop.Api, HttpStatusCode.OK, """{"status":"ready","postgres":"reachable","redis":"reachable"}""");
        Answer live = (await shop.Api.GetAsync("/api/health/live")).Is(HttpStatusCode.OK);
        Assert.Equal("""{"status":"live"}""", live.Text);
        Assert.Equal("application/json", live["Content-Type"]);
        Assert.Equal("no-store", live["Cache-Control"]);
    }

    [Fact]
    public async Task Without_redis_it_is_degraded()
    {
        await using ApiInstance api = await ApiInstance.StartAsync(shop.Database, Nowhere);
        await IsAsync(api, HttpStatusCode.OK, """{"status":"degraded","postgres":"reachable","redis":"unreachable"}""");
        (await api.GetAsync("/api/v1/products/1")).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Without_the_database_it_is_degraded_and_what_is_not_cached_is_a_503()
    {
        await using ApiInstance api = await ApiInstance.StartAsync(NoDatabase, shop.Redis);
        await IsAsync(api, HttpStatusCode.OK, """{"status":"degraded","postgres":"unreachable","redis":"reachable"}""");
        Answer answer = await api.GetAsync("/api/v1/products/4");
        answer.IsProblem(HttpStatusCode.ServiceUnavailable, "unavailable");
        Assert.Equal("1", answer["Retry-After"]);
    }

    [Fact]
    public async Task Without_either_it_is_not_ready_but_lives()
    {
        await using ApiInstance api = await ApiInstance.StartAsync(NoDatabase, Nowhere);
        await IsAsync(api, HttpStatusCode.ServiceUnavailable,
            """{"status":"unavailable","postgres":"unreachable","redis":"unreachable"}""");
        (await api.GetAsync("/api/health/live")).Is(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_database_that_lets_nobody_in_cannot_be_reached()
    {
        string unknown = new NpgsqlConnectionStringBuilder(shop.Database) { Database = "not_there" }.ConnectionString;
        string wrong = new NpgsqlConnectionStringBuilder(shop.Database) { Password = "wrong" }.ConnectionString;
        foreach (string connection in (string[])[unknown, wrong])
        {
            await using ApiInstance api = await ApiInstance.StartAsync(connection, shop.Redis);
            await IsAsync(api, HttpStatusCode.OK, """{"status":"degraded","postgres":"unreachable","redis":"reachable"}""");
            (await api.GetAsync("/api/v1/products/4")).IsProblem(HttpStatusCode.ServiceUnavailable, "unavailable");
        }
    }

    private static async Task IsAsync(ApiInstance api, HttpStatusCode status, string body)
    {
        Answer answer = (await api.GetAsync("/api/health/ready")).Is(status);
        Assert.Equal(body, answer.Text);
        Assert.Equal("no-store", answer["Cache-Control"]);
    }
}
