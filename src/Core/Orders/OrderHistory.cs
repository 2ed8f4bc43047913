using System.Globalization;
using System.Text.Json;
using TByte.Functions.Caching;
using TByte.Functions.Paging;
using TByte.Functions.Postgres;

namespace TByte.Functions.Orders;

/// <summary>What was ordered, read through the cache. Whose order it is says <see cref="Representation.Owner"/>.</summary>
public sealed class OrderHistory
{
    private static readonly OrderPageQuery FirstPage = new();

    private readonly OrderStore _store;
    private readonly ReadThroughCache _cache;
    private readonly CachePolicy _orders;

    internal OrderHistory(OrderStore store, ReadThroughCache cache, CacheOptions options)
    {
        _store = store;
        _cache = cache;
        _orders = new CachePolicy("order", options.OrderLife, IsVersioned: true);
        Lists = new CachePolicy("order-list", options.OrderListLife, IsVersioned: false);
    }

    /// <summary>How lists are kept.</summary>
    internal CachePolicy Lists { get; }

    /// <summary>Reads one order.</summary>
    /// <exception cref="DatabaseUnavailableException">It is not cached and cannot be read at the moment.</exception>
    public ValueTask<CacheAnswer> GetAsync(long id, CancellationToken cancellationToken) =>
        _cache.GetAsync(_orders, id.ToString(CultureInfo.InvariantCulture), (_store, id), static async (call, atLeast) =>
            await call._store.FindAsync(call.id, atLeast) is var (order, version) ? Represent(order, version) : null, cancellationToken);

    /// <summary>Reads a page of a user's orders; nothing when there is no such user.</summary>
    /// <exception cref="DatabaseUnavailableException">It is not cached and cannot be read at the moment.</exception>
    public ValueTask<CacheAnswer> GetPageAsync(long user, OrderPageQuery query, CancellationToken cancellationToken) =>
        _cache.GetAsync(Lists, ListId(user, query), (_store, user, query), static async (call, _) =>
            await call._store.FindPageAsync(call.user, call.query) is { } orders ? Represent(orders, call.user, call.query.Limit) : null, cancellationToken);

    /// <summary>Who has ordered of late, the last one first.</summary>
    /// <exception cref="DatabaseUnavailableException">It cannot be read at the moment.</exception>
    internal Task<IReadOnlyList<long>> RecentUsersAsync(TimeSpan within, int most, CancellationToken cancellationToken) =>
        _store.FindRecentUsersAsync(within, most, cancellationToken);

    /// <summary>The lists that these users see first.</summary>
    /// <exception cref="DatabaseUnavailableException">They cannot be read at the moment.</exception>
    internal async Task<IReadOnlyDictionary<long, Representation>> LoadFirstPagesAsync(long[] users, CancellationToken cancellationToken)
    {
        ILookup<long, OrderSummary> orders = await _store.FindFirstPagesAsync(users, FirstPage.Limit, cancellationToken);
        return orders.ToDictionary(static list => list.Key, static list => Represent([.. list], list.Key, FirstPage.Limit));
    }

    /// <summary>The name of the cache entry of the list that a user sees first.</summary>
    internal static string FirstListId(long user) => ListId(user, FirstPage);

    private static string ListId(long user, OrderPageQuery query) =>
        string.Create(CultureInfo.InvariantCulture, $"{user}:{query.Limit}:{query.After?.CreatedAt.UtcTicks}:{query.After?.Id}");

    private static Representation Represent(Order order, long version) =>
        new(JsonSerializer.SerializeToUtf8Bytes(order, OrderJson.Default.Order), version, order.UserId);

    private static Representation Represent(List<OrderSummary> orders, long user, int limit)
    {
        bool more = orders.Count > limit;
        if (more)
            orders.RemoveRange(limit, orders.Count - limit);
        string? next = more ? Cursor.Write(orders[^1].CreatedAt, orders[^1].Id) : null;
        return new(JsonSerializer.SerializeToUtf8Bytes(new Page<OrderSummary>(orders, next), OrderJson.Default.PageOrderSummary), version: 0, user);
    }
}
