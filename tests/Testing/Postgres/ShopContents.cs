namespace TByte.Functions.Testing.Postgres;

/// <summary>What a new test database holds.</summary>
public enum ShopContents
{
    Nothing,
    Schema,

    /// <summary>500 products, 200 users, 2,000 orders; the same ones every time.</summary>
    SmallShop,
}
