using TByte.Functions.IncidentReplay.Target;
using TByte.Functions.LocalHost.Data.Generated;

namespace TByte.Functions.IncidentReplay.Traffic;

/// <summary>What is read, request by request: the same on every run against the same contents.</summary>
/// <param name="contents">What there is to read.</param>
/// <param name="shoppers">Who reads what.</param>
/// <param name="visitors">The clients that send it; null when they all are this machine.</param>
internal sealed class RequestMix(TargetContents contents, IShoppers shoppers, Visitors? visitors = null)
{
    private const int PagePercent = 15;

    // One in 20 is a customer's. A visit to one's orders is six reads: the list, the newest order, and both twice more.
    private const int CustomerEvery = 20;
    private const int ReadsPerVisit = 6;

    // So many visits go on at a time, so that the reads of one are a moment apart, as people's are.
    private const int Visits = 8;

    private const ulong PageStream = 1UL << 32;
    private const ulong VisitStream = 2UL << 32;

    public RequestMix(TargetContents contents)
        : this(contents, new GeneratedShoppers(contents.Products.Count, Math.Max(1, contents.Customers.Count)))
    {
    }

    /// <summary>Kinds that the contents have nothing of are left out.</summary>
    public ShopRequest Draw(int number)
    {
        if (number % CustomerEvery == CustomerEvery - 1 && CustomersRead(number / CustomerEvery) is { } read)
            return read;
        return Anonymous(number) with { Visitor = visitors?.Guest(number) };
    }

    private ShopRequest? CustomersRead(int number)
    {
        int slot = number % Visits;
        // Visits that began together would read the same kind together.
        int reads = number / Visits + slot;
        int visit = reads / ReadsPerVisit * Visits + slot;
        int customer = shoppers.Customer(visit);
        bool isList = reads % 2 == 0;
        IReadOnlyList<long> ids = isList ? contents.Customers : contents.Orders;
        if (ids.Count == 0)
            return null;
        Visitor? visitor = visitors is null ? null : Visitors.Customer(contents.Customers[customer]);
        // Where it is not known whose the orders are, a visit is to any of them.
        long id = ids[ids.Count == contents.Customers.Count ? customer : new DeterministicRandom(VisitStream + (ulong)visit).Below(ids.Count)];
        return (isList ? ShopRequest.OrdersOf(id) : ShopRequest.Order(id)) with { Visitor = visitor };
    }

    private ShopRequest Anonymous(int number)
    {
        DeterministicRandom random = new(PageStream + (ulong)number);
        if (contents.Pages.Count == 0 || !random.Chance(PagePercent))
            return ShopRequest.Product(contents.Products[shoppers.Product(number)]);
        // Few read on: page n is as likely as all behind it together are, or more.
        return contents.Pages[random.Below(1 + random.Below(contents.Pages.Count))];
    }
}
