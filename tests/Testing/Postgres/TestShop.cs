using Microsoft.Extensions.Logging.Abstractions;
using TByte.Functions.LocalHost.Data;
using TByte.Functions.LocalHost.Data.Generated;
using TByte.Functions.Postgres;

namespace TByte.Functions.Testing.Postgres;

/// <summary>Fills a database.</summary>
internal static class TestShop
{
    private static readonly GeneratorOptions SmallShop = new() { Products = 500, Users = 200, Orders = 2_000 };

    public static async Task FillAsync(string connectionString, ShopContents contents, CancellationToken cancellationToken)
    {
        // A pooled connection would keep the database from being a template.
        string connection = connectionString + ";Pooling=false";
        if (contents >= ShopContents.Schema)
            await DatabaseMigrator.MigrateAsync(connection, NullLogger.Instance, cancellationToken);
        if (contents >= ShopContents.SmallShop)
        {
            GeneratorOptions generator = contents == ShopContents.SmallShop ? SmallShop : new GeneratorOptions();
            await new Seeder().SeedAsync(connection, new SeedOptions { Generator = generator }, progress: null, cancellationToken);
        }
    }
}
