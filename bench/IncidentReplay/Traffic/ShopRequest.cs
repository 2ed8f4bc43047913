namespace TByte.Functions.IncidentReplay.Traffic;

/// <summary>What is read.</summary>
internal enum RequestKind
{
    Product,
    Page,
    Order,
    OrderList,
}

/// <summary>One read.</summary>
/// <param name="Kind">Orders of either kind are read with a token, products without.</param>
/// <param name="Path">Path and query.</param>
/// <param name="Visitor">Who reads; null for this machine, with the one token that it was given.</param>
internal readonly record struct ShopRequest(RequestKind Kind, string Path, Visitor? Visitor = null)
{
    public bool NeedsToken => Kind is RequestKind.Order or RequestKind.OrderList;

    public static ShopRequest Product(long id) => new(RequestKind.Product, $"/api/v1/products/{id}");

    public static ShopRequest Order(long id) => new(RequestKind.Order, $"/api/v1/orders/{id}");

    public static ShopRequest OrdersOf(long user) => new(RequestKind.OrderList, $"/api/v1/users/{user}/orders");

    public static ShopRequest Category(long id) => new(RequestKind.Page, $"/api/v1/products?category={id}");

    /// <param name="after">The cursor of the page before; null for the first page.</param>
    /// <param name="limit">How long the page is; null for what the API takes by itself.</param>
    public static ShopRequest Page(string? after, int? limit = null)
    {
        string[] parameters =
        [
            .. limit is null ? (string[])[] : [$"limit={limit}"],
            .. after is null ? (string[])[] : [$"after={Uri.EscapeDataString(after)}"],
        ];
        return new(RequestKind.Page, "/api/v1/products" + (parameters.Length > 0 ? "?" : "") + string.Join('&', parameters));
    }
}
