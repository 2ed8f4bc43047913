using TByte.Functions.LocalHost.Data;
using TByte.Functions.LocalHost.Data.Sales;

namespace TByte.Functions.IncidentReplay.Traffic;

/// <summary>A shop's real sales: each line sold is a read of its product, each order of a customer a visit to their orders, in the order in which they were made, from the start again at the end.</summary>
/// <param name="Products">Numbers from 0, in the order of the first sale.</param>
/// <param name="Customers">Likewise.</param>
internal sealed record RecordedShoppers(IReadOnlyList<int> Products, IReadOnlyList<int> Customers)
{
    /// <summary>Reads the Online Retail set, CSV or gzip.</summary>
    /// <exception cref="SeedException">The file cannot be read, or has no sales; the message says why.</exception>
    public static RecordedShoppers Read(string file, CancellationToken cancellationToken)
    {
        IShopData shop = SalesImport.ReadFile(file, progress: null, cancellationToken).Shop;
        OrderRow[] orders = [.. shop.Orders.OrderBy(static order => order.CreatedAt).ThenBy(static order => order.Id)];
        ILookup<long, OrderItemRow> lines = shop.OrderItems.ToLookup(static line => line.OrderId);
        return new RecordedShoppers(
            Numbers(orders.SelectMany(order => lines[order.Id].Select(static line => line.ProductId))),
            Numbers(orders.Select(static order => order.UserId).OfType<long>()));
    }

    /// <summary>On a shop of another size they are spread over what there is.</summary>
    public IShoppers In(int products, int customers) => new Fitted(this, products, customers);

    private static List<int> Numbers(IEnumerable<long> ids)
    {
        Dictionary<long, int> numbers = [];
        List<int> found = [];
        foreach (long id in ids)
        {
            if (!numbers.TryGetValue(id, out int number))
                numbers.Add(id, number = numbers.Count);
            found.Add(number);
        }

        return found;
    }

    private sealed class Fitted(RecordedShoppers recorded, int products, int customers) : IShoppers
    {
        public int Product(int request) => recorded.Products[request % recorded.Products.Count] % products;

        public int Customer(int visit) => recorded.Customers[visit % recorded.Customers.Count] % customers;
    }
}
