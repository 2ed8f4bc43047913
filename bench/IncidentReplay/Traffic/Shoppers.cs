using TByte.Functions.LocalHost.Data.Generated;

namespace TByte.Functions.IncidentReplay.Traffic;

/// <summary>Says which product and which customer comes next.</summary>
internal interface IShoppers
{
    /// <summary>The product of a request, from 0 to the number of products - 1.</summary>
    int Product(int request);

    /// <summary>The customer of a visit, from 0 to the number of customers - 1.</summary>
    int Customer(int visit);
}

/// <summary>Shoppers of the generated shop: products as skewed as its orders, customers one after the other.</summary>
internal sealed class GeneratedShoppers(int products, int customers) : IShoppers
{
    // A prime, so that neighbours in time are none in the tables.
    private const int Stride = 7_919;

    private readonly Popularity _popularity = GeneratedProducts.PopularityOf(products, seed: 1);

    public int Product(int request)
    {
        DeterministicRandom random = new((ulong)request);
        return _popularity.Draw(ref random);
    }

    public int Customer(int visit) => (int)((long)visit * Stride % customers);
}
