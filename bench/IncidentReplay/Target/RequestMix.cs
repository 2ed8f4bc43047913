using TByte.Functions.LocalHost.Data.Generated;

namespace TByte.Functions.IncidentReplay.Target;

/// <summary>What is read, request by request: the same on every run against the same contents.</summary>
internal sealed class RequestMix(TargetContents contents)
{
    private const int OrderPercent = 15;
    private const int OrderListPercent = 5;
    private const int PagePercent = 10;

    // As skewed as the orders of the generated shop.
    private const int Flattening = 20;

    private readonly Popularity _popularity = new(contents.Products.Count, Flattening, new DeterministicRandom(1));

    /// <summary>Kinds that are never drawn are left out.</summary>
    public ShopRequest Draw(int number)
    {
        DeterministicRandom random = new((ulong)number);
        int percent = random.Below(100);
        if (percent < OrderPercent && contents.Orders.Count > 0)
            return ShopRequest.Order(random.Pick(contents.Orders));
        if (percent is >= OrderPercent and < OrderPercent + OrderListPercent && contents.Customers.Count > 0)
            return ShopRequest.OrdersOf(random.Pick(contents.Customers));
        if (percent >= 100 - PagePercent)
        {
            // Few read on: page n is as likely as all behind it together are, or more.
            return contents.Pages[random.Below(1 + random.Below(contents.Pages.Count))];
        }

        return ShopRequest.Product(contents.Products[_popularity.Draw(ref random)]);
    }
}
