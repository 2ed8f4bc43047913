using System.Security.Cryptography;
using System.Text.Json;
using TByte.Functions.LocalHost.Data;
using TByte.Functions.LocalHost.Data.Generated;

namespace TByte.Functions.LocalHost.Tests.Data;

public sealed class GeneratedShopTests
{
    private static readonly GeneratorOptions Options = new() { Products = 500, Users = 1_000, Orders = 20_000 };

    private readonly GeneratedShop _shop = new(Options);

    [Fact]
    public void The_same_options_give_these_very_rows() =>
        Assert.Equal("f246bda31c8d825050e1e9324782834eba6331c6988de86db7a9be81f39a3a24", Hash(_shop));

    [Fact]
    public void Another_seed_gives_other_rows() => Assert.NotEqual(Hash(_shop), Hash(new GeneratedShop(Options with { Seed = 2 })));

    [Fact]
    public void There_are_as_many_rows_as_asked_for()
    {
        Assert.Equal(Options.Products, _shop.Products.Count());
        Assert.Equal(Options.Users, _shop.Users.Count());
        Assert.Equal(Options.Orders, _shop.Orders.Count());
        Assert.InRange(_shop.OrderItems.Count() / (double)Options.Orders, 2.4, 2.6);
    }

    [Fact]
    public void An_order_is_the_sum_of_its_lines_at_the_products_prices()
    {
        var products = _shop.Products.ToDictionary(product => product.Id);
        var items = _shop.OrderItems.ToLookup(item => item.OrderId);

        foreach (var order in _shop.Orders)
        {
            Assert.Equal(order.TotalAmount, items[order.Id].Sum(item => item.Quantity * item.UnitPrice));
            Assert.Equal(Enumerable.Range(1, items[order.Id].Count()), items[order.Id].Select(item => item.Line));
            Assert.All(items[order.Id], item => Assert.Equal(products[item.ProductId].Price, item.UnitPrice));
        }
    }

    [Fact]
    public void Trade_is_skewed_and_views_follow_it()
    {
        var lines = _shop.OrderItems.CountBy(item => item.ProductId).ToDictionary();
        var byViews = _shop.Products
            .OrderByDescending(product => product.ViewCount)
            .Select(product => lines.GetValueOrDefault(product.Id))
            .ToList();

        var top = byViews.Take(50).Sum() / (double)byViews.Sum();

        Assert.InRange(top, 0.4, 0.7);
        Assert.InRange(byViews[0], 20 * Math.Max(1, byViews[^1]), int.MaxValue);
    }

    [Fact]
    public void Some_users_buy_much_more_than_others_and_some_orders_are_guests()
    {
        var orders = _shop.Orders.ToList();
        var guests = orders.Count(order => order.UserId is null) / (double)orders.Count;
        var byUser = orders
            .Where(order => order.UserId is not null)
            .CountBy(order => order.UserId!.Value)
            .Select(pair => pair.Value)
            .OrderDescending()
            .ToList();

        Assert.InRange(guests, 0.11, 0.14);
        Assert.InRange(byUser.Take(100).Sum() / (double)byUser.Sum(), 0.3, 0.7);
        Assert.All(orders, order => Assert.InRange(order.UserId ?? 1, 1, Options.Users));
    }

    [Fact]
    public void About_two_products_in_a_hundred_are_unavailable() =>
        Assert.InRange(new GeneratedShop(Options with { Products = 10_000 }).Products.Count(product => !product.Available), 150, 250);

    [Fact]
    public void Times_end_at_the_given_instant_and_rise_with_the_ids()
    {
        var times = _shop.Orders.Select(order => order.CreatedAt).ToList();

        Assert.Equal(times.Order(), times);
        Assert.All(times, time => Assert.Equal(DateTimeKind.Utc, time.Kind));
        Assert.InRange(times[^1], Options.Until.AddDays(-1), Options.Until);
        Assert.All(_shop.Users, user => Assert.True(user.CreatedAt < times[0]));
    }

    [Fact]
    public void Addresses_are_lower_case_and_unique()
    {
        var emails = _shop.Users.Select(user => user.Email).ToList();

        Assert.Equal(emails.Count, emails.Distinct().Count());
        Assert.All(emails, email => Assert.Equal(email.ToLowerInvariant(), email));
    }

    [Theory]
    [InlineData(0, 1, 1, "Products")]
    [InlineData(1, 0, 1, "Users")]
    [InlineData(1, 1, -1, "Orders")]
    public void Sizes_are_checked(int products, int users, int orders, string setting)
    {
        var options = new GeneratorOptions { Products = products, Users = users, Orders = orders };

        Assert.Contains(setting, Assert.Throws<SeedException>(() => new GeneratedShop(options)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_smallest_shop_is_possible() =>
        Assert.Empty(new GeneratedShop(new GeneratorOptions { Products = 1, Users = 1, Orders = 0 }).OrderItems);

    private static string Hash(GeneratedShop shop)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(shop.Categories);
        Append(shop.Users);
        Append(shop.Products);
        Append(shop.Orders);
        Append(shop.OrderItems);
        return Convert.ToHexStringLower(hash.GetHashAndReset());

        void Append<T>(IEnumerable<T> rows)
        {
            foreach (var row in rows)
                hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(row));
        }
    }
}
