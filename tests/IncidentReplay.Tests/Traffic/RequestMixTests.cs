using TByte.Functions.IncidentReplay.Target;
using TByte.Functions.IncidentReplay.Traffic;

namespace TByte.Functions.IncidentReplay.Tests.Traffic;

public sealed class RequestMixTests
{
    private const int Requests = 20_000;

    private static readonly TargetContents Shop = new(
        [.. Enumerable.Range(1, 1_000).Select(static id => (long)id)],
        [ShopRequest.Page(after: null), ShopRequest.Category(1), ShopRequest.Category(2)],
        [.. Enumerable.Range(1, 500).Select(static id => 10_000L + id)],
        [.. Enumerable.Range(1, 500).Select(static id => (long)id)],
        []);

    [Fact]
    public void Most_reads_are_of_products_and_few_of_orders()
    {
        ILookup<RequestKind, ShopRequest> kinds = Draw(new RequestMix(Shop)).ToLookup(static request => request.Kind);

        Assert.InRange(kinds[RequestKind.Page].Count(), 0.135 * Requests, 0.15 * Requests);
        Assert.Equal((Requests / 40, Requests / 40), (kinds[RequestKind.Order].Count(), kinds[RequestKind.OrderList].Count()));
        Assert.InRange(kinds[RequestKind.Product].Count(), 0.80 * Requests, 0.815 * Requests);
    }

    [Fact]
    public void The_same_is_read_on_every_run() => Assert.Equal(Draw(new RequestMix(Shop)), Draw(new RequestMix(Shop)));

    [Fact]
    public void Few_products_are_read_often()
    {
        int[] reads = [.. Draw(new RequestMix(Shop)).Where(static request => request.Kind == RequestKind.Product)
            .CountBy(static request => request.Path).Select(static product => product.Value).OrderDescending()];

        // The tenth of the products that is read most gets more than half of the reads.
        Assert.InRange((double)reads.Take(100).Sum() / reads.Sum(), 0.5, 0.75);
    }

    [Fact]
    public void Who_looks_at_orders_looks_at_the_list_and_the_newest_order_three_times_each()
    {
        ShopRequest[] reads = [.. Draw(new RequestMix(Shop, new InTurn(), Visitors.For(100))).Where(static request => request.NeedsToken)];

        // The first and the last visits are cut off.
        foreach (IGrouping<long, ShopRequest> visit in reads.GroupBy(static read => read.Visitor!.User!.Value).Skip(16).Take(100))
        {
            Assert.Equal(3, visit.Count(read => read == ShopRequest.OrdersOf(visit.Key) with { Visitor = read.Visitor }));
            Assert.Equal(3, visit.Count(read => read == ShopRequest.Order(10_000 + visit.Key) with { Visitor = read.Visitor }));
        }
    }

    [Fact]
    public void Orders_are_left_out_where_there_are_none() =>
        Assert.All(Draw(new RequestMix(Shop with { Orders = [], Customers = [] })), static request => Assert.False(request.NeedsToken));

    [Fact]
    public void No_client_comes_near_a_limit()
    {
        const double Rate = 500;
        RequestMix mix = new(Shop, new InTurn(), Visitors.For(Rate));

        // What is sent in a minute.
        Dictionary<string, int> clients = Enumerable.Range(0, (int)(60 * Rate)).Select(mix.Draw)
            .CountBy(static request => request.Visitor!.Address).ToDictionary();

        Assert.InRange(clients.Values.Max(), 1, 50);
        Assert.All(clients.Keys, static address => Assert.StartsWith("10.", address, StringComparison.Ordinal));
    }

    [Fact]
    public void One_client_may_send_it_all() => Assert.Equal(
        ["203.0.113.9"], Draw(new RequestMix(Shop with { Orders = [], Customers = [] }, new InTurn(), Visitors.One("203.0.113.9")))
            .Select(static request => request.Visitor!.Address).Distinct());

    private static ShopRequest[] Draw(RequestMix mix) => [.. Enumerable.Range(0, Requests).Select(mix.Draw)];

    private sealed class InTurn : IShoppers
    {
        public int Product(int request) => request % 1_000;

        public int Customer(int visit) => visit % 500;
    }
}
