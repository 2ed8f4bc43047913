namespace TByte.Functions.Orders;

/// <summary>An order with its items.</summary>
/// <param name="Id">Its number.</param>
/// <param name="UserId">Who ordered; null for a guest.</param>
/// <param name="Status">pending, paid, shipped, delivered or cancelled.</param>
/// <param name="TotalAmount">What it comes to, two decimals.</param>
/// <param name="CreatedAt">When it was ordered.</param>
/// <param name="Items">What was ordered, by line.</param>
public sealed record Order(long Id, long? UserId, string Status, decimal TotalAmount, DateTimeOffset CreatedAt, IReadOnlyList<OrderItem> Items);

/// <summary>A line of an order.</summary>
public sealed record OrderItem(int Line, long ProductId, int Quantity, decimal UnitPrice);

/// <summary>An order as it stands in a list.</summary>
public sealed record OrderSummary(long Id, long UserId, string Status, decimal TotalAmount, DateTimeOffset CreatedAt);

/// <summary>A page of a user's orders, newest first.</summary>
public sealed record OrderPageQuery
{
    /// <summary>Orders on a page at most.</summary>
    public const int MostItems = 100;

    /// <summary>Orders on the page, 1 to <see cref="MostItems"/>.</summary>
    public int Limit { get; init; } = 20;

    /// <summary>Where the page before ended; null for the first page.</summary>
    public OrderCursor? After { get; init; }
}

/// <summary>The last order of a page.</summary>
public readonly record struct OrderCursor(DateTimeOffset CreatedAt, long Id);
