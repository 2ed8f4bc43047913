using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;
using Npgsql;

namespace TByte.Functions.LocalHost.Data;

/// <summary>The statements around the COPY. All run in one transaction: an interrupted seeding leaves the database empty.</summary>
internal sealed class SeedTransaction(NpgsqlConnection connection)
{
    private const string Tables = "categories, users, products, orders, order_items";

    /// <summary>Waits for another seeding of this database, so that it is seeded once.</summary>
    public Task LockAsync(CancellationToken cancellationToken) => ExecuteAsync(
        "set local lock_timeout = '10min'; select pg_advisory_xact_lock(hashtextextended('tbyte local seed', 0))",
        cancellationToken);

    public async Task<bool> IsEmptyAsync(CancellationToken cancellationToken) => !(bool)(await ScalarAsync(
        """
        select exists (select from categories) or exists (select from users) or exists (select from products) or exists (select from orders)
        """,
        cancellationToken))!;

    public async Task<SeedOrigin?> ReadOriginAsync(CancellationToken cancellationToken)
    {
        if (await ScalarAsync("select to_regclass('local_seed')::text", cancellationToken) is not string)
            return null;

        await using var command = new NpgsqlCommand("select identity, description from local_seed", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? new SeedOrigin(reader.GetString(0), reader.GetString(1)) : null;
    }

    public async Task WriteOriginAsync(SeedOrigin origin, CancellationToken cancellationToken)
    {
        // Known to the development tools alone, so not a migration.
        await ExecuteAsync(
            """
            create table if not exists local_seed (
              identity text not null, description text not null, seeded_at timestamptz not null default now());
            delete from local_seed
            """,
            cancellationToken);
        await using var command = new NpgsqlCommand("insert into local_seed (identity, description) values ($1, $2)", connection)
        {
            Parameters = { new() { Value = origin.Identity }, new() { Value = origin.Description } },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>COPY with FREEZE asks for tables that were truncated in its own transaction.</summary>
    public Task TruncateAsync(CancellationToken cancellationToken) => ExecuteAsync($"truncate {Tables}", cancellationToken);

    /// <summary>Takes the foreign keys off and returns the statements that put them back, checked then by one join each.</summary>
    public async Task<IReadOnlyList<string>> DropForeignKeysAsync(CancellationToken cancellationToken)
    {
        var drop = new List<string>();
        var restore = new List<string>();
        await using (var command = new NpgsqlCommand(
            """
            select format('alter table %s drop constraint %I', conrelid::regclass, conname),
                   format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
            from pg_constraint
            where contype = 'f' and conrelid = any ($1::text[]::regclass[])
            order by conrelid, conname
            """,
            connection))
        {
            command.Parameters.Add(new() { Value = Tables.Split(", ") });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                drop.Add(reader.GetString(0));
                restore.Add(reader.GetString(1));
            }
        }

        foreach (var statement in drop)
            await ExecuteAsync(statement, cancellationToken);
        return restore;
    }

    /// <summary>The next row that anybody inserts gets an id past the greatest.</summary>
    public Task SetSequencesAsync(CancellationToken cancellationToken) => ExecuteAsync(
        """
        select setval(pg_get_serial_sequence('categories', 'id'), coalesce(max(id), 1), max(id) is not null) from categories;
        select setval(pg_get_serial_sequence('users', 'id'), coalesce(max(id), 1), max(id) is not null) from users;
        select setval(pg_get_serial_sequence('products', 'id'), coalesce(max(id), 1), max(id) is not null) from products;
        select setval(pg_get_serial_sequence('orders', 'id'), coalesce(max(id), 1), max(id) is not null) from orders
        """,
        cancellationToken);

    public Task AnalyzeAsync(CancellationToken cancellationToken) => ExecuteAsync($"analyze {Tables}", cancellationToken);

    public async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private async Task<object?> ScalarAsync(string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(cancellationToken);
    }
}
