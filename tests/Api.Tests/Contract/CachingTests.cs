using System.Globalization;
using System.Net;
using TByte.Functions.Testing;
using TByte.Functions.Testing.Postgres;

namespace TByte.Functions.Api.Tests.Contract;

/// <summary>What answers tell of the cache, and the conditions that spare their bodies.</summary>
public sealed class CachingTests(Shop shop) : IClassFixture<Shop>
{
    private const string Miss = "tbyte-l2; fwd=miss, tbyte-l1; fwd=miss";
    private const string RedisHit = "tbyte-l2; hit, tbyte-l1; fwd=miss";
    private const string MemoryHit = "tbyte-l1; hit";

    private static readonly string Reader = TestToken.WithRoles(TestToken.OrdersRead);

    [Theory]
    [InlineData("/api/v1/products/20", "public, no-cache", null)]
    [InlineData("/api/v1/products?limit=20", "public, no-cache", "Accept-Encoding")]
    [InlineData("/api/v1/orders/20", "private, no-cache", "Authorization")]
    [InlineData("/api/v1/users/20/orders", "private, no-cache", "Authorization")]
    public async Task Tells_the_level_that_answered(string path, string cacheControl, string? vary)
    {
        await using ApiInstance other = await ApiInstance.StartAsync(shop.Database, shop.Redis);
        Answer miss = (await shop.Api.GetAsync(path, Reader)).Is(HttpStatusCode.OK);
        Answer memory = (await shop.Api.GetAsync(path, Reader)).Is(HttpStatusCode.OK);
        Answer redis = (await other.GetAsync(path, Reader)).Is(HttpStatusCode.OK);
        Answer otherMemory = (await other.GetAsync(path, Reader)).Is(HttpStatusCode.OK);

        Assert.Equal([Miss, MemoryHit, RedisHit, MemoryHit], Each("Cache-Status"));
        Assert.Null(miss["Age"]);
        Assert.All((Answer[])[memory, redis, otherMemory], answer =>
            Assert.InRange(int.Parse(answer["Age"]!, CultureInfo.InvariantCulture), 0, 60));
        Assert.All(Each("Cache-Control"), value => Assert.Equal(cacheControl, value));
        Assert.All(Each("Vary"), value => Assert.Equal(vary, value));
        Assert.Single(Each("ETag").Distinct());
        Assert.Single(((Answer[])[miss, memory, redis, otherMemory]).Select(answer => answer.Text).Distinct());

        string?[] Each(string header) => [miss[header], memory[header], redis[header], otherMemory[header]];
    }

    [Fact]
    public async Task Age_counts_from_when_the_database_was_read()
    {
        await shop.Api.GetAsync("/api/v1/products/21");
        await Eventually.HoldsAsync(
            async () =>
                (await shop.Api.GetAsync("/api/v1/products/21"))["Age"] != "0", "a second passes", TestContext.Current.CancellationToken);
        await using ApiInstance other = await ApiInstance.StartAsync(shop.Database, shop.Redis);
        Answer redis = await other.GetAsync("/api/v1/products/21");
        Assert.Equal(RedisHit, redis["Cache-Status"]);
        Assert.True(int.Parse(redis["Age"]!, CultureInfo.InvariantCulture) >= 1);
    }

    [Fact]
    public async Task A_stale_answer_says_so()
    {
        TestPostgres server = await TestPostgres.StartAsync(TestContext.Current.CancellationToken);
        await using (server)
        {
            string database = await server.CreateDatabaseAsync(ShopContents.SmallShop, TestContext.Current.CancellationToken);
            await using ApiInstance api = await ApiInstance.StartAsync(
                database, "", ("Cache:ProductLife", "00:00:00.100"), ("Cache:Jitter", 0), ("Cache:RefreshAfter", 1),
                    ("Postgres:ReadBudget", "00:00:01"));
            Answer fresh = (await api.GetAsync("/api/v1/products/1")).Is(HttpStatusCode.OK);
            server.Stop();

            Answer? stale = null;
            await Eventually.HoldsAsync(
                async () => (stale = (await api.GetAsync("/api/v1/products/1")).Is(HttpStatusCode.OK))["Cache-Status"]!.Contains(
                    "stale", StringComparison.Ordinal),
                "the entry is stale",
                TestContext.Current.CancellationToken);
            Assert.Matches("^tbyte-l1; hit; ttl=-[1-9][0-9]*; detail=stale$", stale!["Cache-Status"]);
            Assert.NotNull(stale["Age"]);
            Assert.Equal(fresh.Text, stale.Text);
            Assert.Equal(fresh.ETag, stale.ETag);
            (await api.GetAsync("/api/v1/products/1", null, ("If-None-Match", fresh.ETag!))).Is(HttpStatusCode.NotModified);
            (await api.GetAsync("/api/v1/products/2")).IsProblem(HttpStatusCode.ServiceUnavailable, "unavailable");
            server.Continue();
        }
    }

    [Theory]
    [InlineData("/api/v1/products/22")]
    [InlineData("/api/v1/products?limit=22")]
    [InlineData("/api/v1/orders/22")]
    [InlineData("/api/v1/users/22/orders")]
    [InlineData("/api/v1/users?email={email}")]
    [InlineData("/api/openapi.json")]
    [InlineData("/api/docs")]
    public async Task Is_spared_whoever_has_it(string path)
    {
        path = path.Replace("{email}", await shop.OneAsync<string>("select email from users where active order by id limit 1"), StringComparison.Ordinal);
        await shop.Api.GetAsync(path, Reader);
        Answer full = (await shop.Api.GetAsync(path, Reader)).Is(HttpStatusCode.OK);
        string tag = full.ETag!;
        string[] matching = [tag, $"W/{tag}", "*", $"\"other\", {tag}", $"W/\"other\",W/{tag} , \"more\"", $", ,{tag}"];
        foreach (string condition in matching)
        {
            foreach (HttpMethod method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Head])
            {
                Answer answer = (await shop.Api.SendAsync(method, path, Reader, null,
                    ("If-None-Match", condition))).Is(HttpStatusCode.NotModified);
                Assert.Empty(answer.Body);
                foreach (string header in (string[])["ETag", "Cache-Control", "Cache-Status", "Vary"])
                    Assert.Equal(full[header], answer[header]);
            }
        }

        foreach (string condition in (string[])["\"other\"",
            tag.Trim('"'), tag[..^1], $"W{tag}", "", "garbage", "\"", "W/", new string('"', 1_000)])
        {
            Answer answer = (await shop.Api.GetAsync(path, Reader, ("If-None-Match", condition))).Is(HttpStatusCode.OK);
            Assert.Equal(full.Text, answer.Text);
        }
    }

    [Fact]
    public async Task A_tag_from_before_a_write_is_spared_no_more()
    {
        string before = (await shop.Api.GetAsync("/api/v1/products/23")).ETag!;
        await shop.Api.PutAsync("/api/v1/products/23", TestToken.WithRoles(TestToken.CatalogWrite), """{"name": "New", "price": 1}""");
        Answer answer = (await shop.Api.GetAsync("/api/v1/products/23", null, ("If-None-Match", before))).Is(HttpStatusCode.OK);
        Assert.NotEqual(before, answer.ETag);
        (await shop.Api.GetAsync("/api/v1/products/23", null, ("If-None-Match", answer.ETag!))).Is(HttpStatusCode.NotModified);
    }

    [Fact]
    public async Task Two_fields_are_one_list()
    {
        string tag = (await shop.Api.GetAsync("/api/v1/products/24")).ETag!;
        (await shop.Api.GetAsync("/api/v1/products/24", null, ("If-None-Match", "\"other\""),
            ("If-None-Match", tag))).Is(HttpStatusCode.NotModified);
    }
}
