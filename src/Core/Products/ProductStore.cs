using Npgsql;
using NpgsqlTypes;
using TByte.Functions.Postgres;

namespace TByte.Functions.Products;

/// <summary>What came of a write.</summary>
internal enum ProductWrite
{
    Written,
    NotFound,
    VersionMismatch,
}

/// <summary>The SQL of products.</summary>
internal sealed class ProductStore(ShopDatabase database)
{
    private const string Columns = "id, sku, name, description, price, category_id, available, version, updated_at";

    private const string FindSql = $"select {Columns} from products where id = $1";

    private const string FindManySql = $"select {Columns} from products where id = any($1)";

    private const string UpdateSql = $"""
        with written as (
            update products set name = $2, price = $3, version = version + 1, updated_at = now()
            where id = $1 and ($4::bigint[] is null or version = any($4))
            returning {Columns}
        ), logged as (
            insert into cache_invalidations (key, version) select 'product:' || id, version from written
        )
        select {Columns} from written
        """;

    private const string PositionSql = "select pg_current_wal_lsn()";

    private const string ExistsSql = "select exists (select from products where id = $1)";

    /// <summary>A product as it is on a server that has got to a position; null when there is none.</summary>
    public Task<Product?> FindAsync(long id, NpgsqlLogSequenceNumber atLeast = default) =>
        database.ReadAsync(atLeast, id, static async (connection, id) =>
        {
            await using NpgsqlCommand command = new(FindSql, connection) { Parameters = { new() { Value = id } } };
            await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
            return await reader.ReadAsync() ? Read(reader) : null;
        }, CancellationToken.None);

    /// <summary>The products of a page and one more, if there is one.</summary>
    public Task<List<Product>> FindPageAsync(ProductPageQuery query) =>
        database.ReadAsync(query, static async (connection, query) =>
        {
            await using NpgsqlCommand command = PageCommand(query);
            command.Connection = connection;
            return await ReadAllAsync(command);
        }, CancellationToken.None);

    /// <summary>The products of these ids, in no order, without those that do not exist.</summary>
    public Task<List<Product>> FindAsync(long[] ids, CancellationToken cancellationToken) =>
        database.ReadAsync(ids, static async (connection, ids) =>
        {
            await using NpgsqlCommand command = new(FindManySql, connection) { Parameters = { new() { Value = ids } } };
            return await ReadAllAsync(command);
        }, cancellationToken);

    /// <summary>Writes a product and its invalidation in one transaction.</summary>
    /// <param name="id">The product.</param>
    /// <param name="change">What to write.</param>
    /// <param name="versions">Write only over one of these; null to write over any.</param>
    /// <returns>With what was written: where the primary's log was after the commit. A replica that has got there has the write.</returns>
    public Task<(ProductWrite Result, Product? Product, NpgsqlLogSequenceNumber Position)> UpdateAsync(long id, ProductChange change, long[]? versions) =>
        database.WriteAsync((id, change, versions), static async (connection, write) =>
        {
            Product? written;
            await using (NpgsqlCommand update = new(UpdateSql, connection)
            {
                Parameters =
                {
                    new() { Value = write.id },
                    new() { Value = write.change.Name },
                    new() { Value = write.change.Price },
                    new() { Value = (object?)write.versions ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Bigint },
                },
            })
            {
                await using NpgsqlDataReader reader = await update.ExecuteReaderAsync();
                written = await reader.ReadAsync() ? Read(reader) : null;
            }

            if (written is not null)
                return (ProductWrite.Written, written, await PositionAsync(connection));

            await using NpgsqlCommand exists = new(ExistsSql, connection) { Parameters = { new() { Value = write.id } } };
            return ((bool)(await exists.ExecuteScalarAsync())! ? ProductWrite.VersionMismatch : ProductWrite.NotFound, default(Product), NpgsqlLogSequenceNumber.Invalid);
        }, CancellationToken.None);

    private static async Task<NpgsqlLogSequenceNumber> PositionAsync(NpgsqlConnection connection)
    {
        try
        {
            await using NpgsqlCommand command = new(PositionSql, connection);
            return (NpgsqlLogSequenceNumber)(await command.ExecuteScalarAsync())!;
        }
        catch (NpgsqlException)
        {
            // The write is committed and must not be reported as failed; who reads it goes to the primary.
            return ShopDatabase.Newest;
        }
    }

    // Conditions are added only where asked for: a plan for "or $1 is null" could not use the indexes.
    private static NpgsqlCommand PageCommand(ProductPageQuery query)
    {
        NpgsqlCommand command = new();
        List<string> conditions = ["available"];
        if (query.Category is { } category)
            conditions.Add($"category_id = {Parameter(command, category)}");
        if (query.MinPrice is { } least)
            conditions.Add($"price >= {Parameter(command, least)}");
        if (query.MaxPrice is { } most)
            conditions.Add($"price <= {Parameter(command, most)}");
        if (query.After is { } after)
            conditions.Add($"(price, id) > ({Parameter(command, after.Price)}, {Parameter(command, after.Id)})");
        command.CommandText =
            $"select {Columns} from products where {string.Join(" and ", conditions)} order by price, id limit {Parameter(command, query.Limit + 1)}";
        return command;
    }

    private static string Parameter(NpgsqlCommand command, object value)
    {
        command.Parameters.Add(new NpgsqlParameter { Value = value });
        return $"${command.Parameters.Count}";
    }

    private static async Task<List<Product>> ReadAllAsync(NpgsqlCommand command)
    {
        List<Product> products = [];
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            products.Add(Read(reader));
        return products;
    }

    private static Product Read(NpgsqlDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetDecimal(4), row.GetInt64(5), row.GetBoolean(6),
        row.GetInt64(7), row.GetFieldValue<DateTimeOffset>(8));
}
