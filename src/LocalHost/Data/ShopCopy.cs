using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Npgsql;
using NpgsqlTypes;

namespace TByte.Functions.LocalHost.Data;

/// <summary>Writes a shop's rows by binary COPY inside the caller's transaction, which must have truncated the tables.</summary>
internal sealed class ShopCopy(NpgsqlConnection connection, IProgress<SeedProgress>? progress)
{
    private const int RowsPerReport = 50_000;

    private readonly List<TableCount> _counts = [];

    public async Task<IReadOnlyList<TableCount>> WriteAsync(IShopData shop, CancellationToken cancellationToken)
    {
        await CopyAsync("categories", "id, name", shop.Categories, static async (import, row, ct) =>
        {
            await import.WriteAsync(row.Id, NpgsqlDbType.Bigint, ct);
            await import.WriteAsync(row.Name, NpgsqlDbType.Text, ct);
        }, cancellationToken);

        await CopyAsync("users", "id, email, name, active, created_at", shop.Users, static async (import, row, ct) =>
        {
            await import.WriteAsync(row.Id, NpgsqlDbType.Bigint, ct);
            await import.WriteAsync(row.Email, NpgsqlDbType.Text, ct);
            await import.WriteAsync(row.Name, NpgsqlDbType.Text, ct);
            await import.WriteAsync(row.Active, NpgsqlDbType.Boolean, ct);
            await import.WriteAsync(row.CreatedAt, NpgsqlDbType.TimestampTz, ct);
        }, cancellationToken);

        const string ProductColumns = "id, sku, name, description, price, category_id, available, view_count, updated_at";
        await CopyAsync("products", ProductColumns, shop.Products, static async (import, row, ct) =>
        {
            await import.WriteAsync(row.Id, NpgsqlDbType.Bigint, ct);
            await import.WriteAsync(row.Sku, NpgsqlDbType.Text, ct);
            await import.WriteAsync(row.Name, NpgsqlDbType.Text, ct);
            await import.WriteAsync(row.Description, NpgsqlDbType.Text, ct);
            await import.WriteAsync(row.Price, NpgsqlDbType.Numeric, ct);
            await import.WriteAsync(row.CategoryId, NpgsqlDbType.Bigint, ct);
            await import.WriteAsync(row.Available, NpgsqlDbType.Boolean, ct);
            await import.WriteAsync(row.ViewCount, NpgsqlDbType.Bigint, ct);
            await import.WriteAsync(row.UpdatedAt, NpgsqlDbType.TimestampTz, ct);
        }, cancellationToken);

        await CopyAsync("orders", "id, user_id, status, total_amount, created_at", shop.Orders, static async (import, row, ct) =>
        {
            await import.WriteAsync(row.Id, NpgsqlDbType.Bigint, ct);
            if (row.UserId is { } user)
                await import.WriteAsync(user, NpgsqlDbType.Bigint, ct);
            else
                await import.WriteNullAsync(ct);
            await import.WriteAsync(row.Status, NpgsqlDbType.Text, ct);
            await import.WriteAsync(row.TotalAmount, NpgsqlDbType.Numeric, ct);
            await import.WriteAsync(row.CreatedAt, NpgsqlDbType.TimestampTz, ct);
        }, cancellationToken);

        const string ItemColumns = "order_id, line, product_id, quantity, unit_price";
        await CopyAsync("order_items", ItemColumns, shop.OrderItems, static async (import, row, ct) =>
        {
            await import.WriteAsync(row.OrderId, NpgsqlDbType.Bigint, ct);
            await import.WriteAsync(row.Line, NpgsqlDbType.Integer, ct);
            await import.WriteAsync(row.ProductId, NpgsqlDbType.Bigint, ct);
            await import.WriteAsync(row.Quantity, NpgsqlDbType.Integer, ct);
            await import.WriteAsync(row.UnitPrice, NpgsqlDbType.Numeric, ct);
        }, cancellationToken);

        return _counts;
    }

    private async Task CopyAsync<TRow>(
        string table,
        string columns,
        IEnumerable<TRow> rows,
        Func<NpgsqlBinaryImporter, TRow, CancellationToken, ValueTask> write,
        CancellationToken cancellationToken)
    {
        // FREEZE writes the rows as vacuum would leave them, so index-only scans work from the first query on.
        var sql = $"copy {table} ({columns}) from stdin (format binary, freeze)";
        await using var import = await connection.BeginBinaryImportAsync(sql, cancellationToken);
        var count = 0L;
        foreach (var row in rows)
        {
            await import.StartRowAsync(cancellationToken);
            await write(import, row, cancellationToken);
            if (++count % RowsPerReport == 0)
                progress?.Report(new SeedProgress(table, count));
        }

        await import.CompleteAsync(cancellationToken);
        progress?.Report(new SeedProgress(table, count));
        _counts.Add(new TableCount(table, count));
    }
}
