using System.Globalization;
using TByte.Functions.SideBySide.Servers;
using TByte.Functions.Testing;

namespace TByte.Functions.SideBySide;

/// <summary>What is compared with what.</summary>
internal static class Pairs
{
    private const string ProductPath = "/api/v1/products/1";
    private const int Orders = 2_000;

    /// <param name="settings">Where PostgreSQL and Redis are.</param>
    /// <param name="telemetry">Where telemetry is sent, by the one that sends any.</param>
    /// <param name="productBody">The bytes that the ceiling answers with.</param>
    public static IReadOnlyList<Pair> All(
        IReadOnlyDictionary<string, string?> settings, IReadOnlyDictionary<string, string?> telemetry, string productBody)
    {
        // An order is in memory for less time than it takes to ask for all of them once, so that each is found in Redis.
        Dictionary<string, string?> orderSettings = new(settings.Concat(TestToken.Settings))
        {
            ["Cache:OrderLife"] = "1.00:00:00",
            ["Cache:MemoryLife"] = "00:00:00.010",
        };
        string[] orders = [.. Enumerable.Range(1, Orders).Select(id => string.Create(CultureInfo.InvariantCulture, $"/api/v1/orders/{id}"))];

        Contestant raw = new("constant bytes", ServerVerb.Raw)
        {
            Settings = new Dictionary<string, string?> { [RawServer.Body] = productBody },
            Paths = [ProductPath],
        };
        Contestant ordersOfOthers = new("HybridCache", ServerVerb.HybridCache) { Settings = settings, Paths = orders };
        Contestant ordersOfOurs = new("orders from Redis", ServerVerb.OursWithoutTokens)
        {
            Settings = orderSettings,
            Paths = orders,
            Authorization = "Anyone",
            Mark = "tbyte-l2; hit",
        };

        return
        [
            new("product", OnProduct("hot product", ServerVerb.Ours, settings) with { Mark = "tbyte-l1; hit" }, raw, Bound: 1.15),
            new("order", ordersOfOurs, ordersOfOthers, Bound: 0.6),
            new(
                "order-with-token",
                ordersOfOurs with
                {
                    Title = "orders from Redis, token checked",
                    Server = ServerVerb.Ours,
                    Authorization = $"Bearer {TestToken.WithRoles(TestToken.OrdersRead)}",
                },
                ordersOfOthers,
                Bound: null),
            new(
                "redis-floor",
                new("constant bytes from Redis", ServerVerb.Redis)
                {
                    Settings = new Dictionary<string, string?>(settings) { [RedisServer.Body] = productBody },
                    Paths = [ProductPath],
                },
                OnProduct("HybridCache, from Redis", ServerVerb.HybridCache, new Dictionary<string, string?>(settings) { [HybridCacheServer.ProductsFromRedis] = "true" }),
                Bound: null),
            new(
                "limits",
                OnProduct("hot product, rate limits on", ServerVerb.Ours, settings) with { Mark = "tbyte-l1; hit" },
                OnProduct("hot product, rate limits off", ServerVerb.Ours, new Dictionary<string, string?>(settings) { ["RateLimits:Enabled"] = "false" }) with { Mark = "tbyte-l1; hit" },
                Bound: 1.05),
            new(
                "telemetry",
                OnProduct("hot product, telemetry exported", ServerVerb.Ours, new Dictionary<string, string?>(settings.Concat(telemetry))) with { Mark = "tbyte-l1; hit" },
                OnProduct("hot product, no telemetry", ServerVerb.Ours, settings) with { Mark = "tbyte-l1; hit" },
                Bound: 1.1),
            new("product-hybrid", OnProduct("hot product, HybridCache", ServerVerb.HybridCache, settings), raw, Bound: null),
            new("product-fusion", OnProduct("hot product, FusionCache", ServerVerb.FusionCache, settings), raw, Bound: null),
        ];
    }

    private static Contestant OnProduct(string title, string server, IReadOnlyDictionary<string, string?> settings) =>
        new(title, server) { Settings = settings, Paths = [ProductPath] };
}
