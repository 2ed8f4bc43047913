using System;
using System.Collections.Generic;

namespace TByte.Functions.LocalHost.Data.Generated;

/// <summary>
/// Orders of one to six lines, 2.5 on average, one in eight a guest's. Head and lines of an order come from one stream of random
/// numbers, so each table can be written on its own without holding the other.
/// </summary>
internal sealed class GeneratedOrders(GeneratorOptions options, GeneratedProducts products, GeneratedUsers users)
{
    private const int MostLines = 6;

    public IEnumerable<OrderRow> Rows
    {
        get
        {
            var lines = new OrderItemRow[MostLines];
            for (var index = 0; index < options.Orders; index++)
                yield return Make(index, lines, out _);
        }
    }

    public IEnumerable<OrderItemRow> Items
    {
        get
        {
            var lines = new OrderItemRow[MostLines];
            for (var index = 0; index < options.Orders; index++)
            {
                Make(index, lines, out var count);
                for (var line = 0; line < count; line++)
                    yield return lines[line];
            }
        }
    }

    private OrderRow Make(int index, OrderItemRow[] lines, out int count)
    {
        var random = DeterministicRandom.For(options.Seed, RandomStream.Order, index);
        var createdAt = OrderTimes.Of(index, options, ref random);
        long? user = random.Below(8) == 0 ? null : users.Activity.Draw(ref random) + 1;
        var status = Status(options.Until - createdAt, ref random);

        count = random.Pick<int>([1, 1, 1, 2, 2, 2, 3, 3, 4, 6]);
        var total = 0m;
        for (var line = 0; line < count; line++)
        {
            var product = products.Rows[products.Popularity.Draw(ref random)];
            var quantity = random.Pick<int>([1, 1, 1, 1, 2, 2, 3, 4, 6, 12]);
            lines[line] = new OrderItemRow(index + 1, line + 1, product.Id, quantity, product.Price);
            total += quantity * product.Price;
        }

        return new OrderRow(index + 1, user, status, total, createdAt);
    }

    private static string Status(TimeSpan age, ref DeterministicRandom random)
    {
        if (random.Chance(4))
            return "cancelled";
        if (age < TimeSpan.FromDays(1))
            return random.Chance(30) ? "pending" : "paid";
        return age < TimeSpan.FromDays(4) ? "shipped" : "delivered";
    }
}
