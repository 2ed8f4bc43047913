using System;

namespace TByte.Functions.LocalHost.Data;

internal readonly record struct CategoryRow(long Id, string Name);

internal readonly record struct UserRow(long Id, string Email, string Name, bool Active, DateTime CreatedAt);

internal readonly record struct ProductRow(
    long Id,
    string Sku,
    string Name,
    string Description,
    decimal Price,
    long CategoryId,
    bool Available,
    long ViewCount,
    DateTime UpdatedAt);

/// <summary>An order; without a user it is a guest's.</summary>
internal readonly record struct OrderRow(long Id, long? UserId, string Status, decimal TotalAmount, DateTime CreatedAt);

internal readonly record struct OrderItemRow(long OrderId, int Line, long ProductId, int Quantity, decimal UnitPrice);
