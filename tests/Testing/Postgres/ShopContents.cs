namespace TByte.Functions.Testing.Postgres;

/// <summary>What a new test database holds.</summary>
public enum ShopContents
{
    Nothing,
    Schema,

    /// <summary>500 products, 200 users, 2,000 orders; the same ones every time.</summary>
    SmallShop,

    /// <summary>10,000 products, 20,000 users, 400,000 orders, as <c>./dev run</c> has them.</summary>
    WholeShop,
}
