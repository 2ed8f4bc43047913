using System;
using System.Threading;
using System.Threading.Tasks;
using Npgsql;
using TByte.Functions.LocalHost.Data.Generated;
using TByte.Functions.LocalHost.Data.Sales;

namespace TByte.Functions.LocalHost.Data;

/// <summary>Fills a migrated, empty database once. Data that is there already is left alone, whatever was asked for.</summary>
internal sealed class Seeder(TimeProvider time)
{
    private const int CommandTimeoutInSeconds = 15 * 60;

    public Seeder()
        : this(TimeProvider.System)
    {
    }

    /// <exception cref="SeedException">The data cannot be loaded; the message says why.</exception>
    public async Task<SeedReport> SeedAsync(
        string connectionString,
        SeedOptions options,
        IProgress<SeedProgress>? progress,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();

        var started = time.GetTimestamp();
        var origin = await SeedOrigin.OfAsync(options, cancellationToken);
        await using var connection = await OpenAsync(connectionString, cancellationToken);
        var statements = new SeedTransaction(connection);
        try
        {
            if (!await statements.IsEmptyAsync(cancellationToken))
                return await LeaveAloneAsync(statements, origin, cancellationToken);

            var sales = options.SalesFile is { } file ? await ReadSalesAsync(file, progress, cancellationToken) : null;
            IShopData shop = sales is null ? new GeneratedShop(options.Generator) : sales.Shop;

            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            await statements.LockAsync(cancellationToken);
            if (!await statements.IsEmptyAsync(cancellationToken))
                return await LeaveAloneAsync(statements, origin, cancellationToken);

            await statements.TruncateAsync(cancellationToken);
            var foreignKeys = await statements.DropForeignKeysAsync(cancellationToken);
            var tables = await new ShopCopy(connection, progress).WriteAsync(shop, cancellationToken);
            progress?.Report(new SeedProgress("checks", 0));
            foreach (var statement in foreignKeys)
                await statements.ExecuteAsync(statement, cancellationToken);
            await statements.SetSequencesAsync(cancellationToken);
            await statements.WriteOriginAsync(origin, cancellationToken);
            await statements.AnalyzeAsync(cancellationToken);
            await transaction.CommitAsync(cancellationToken);

            return new SeedReport
            {
                Outcome = SeedOutcome.Seeded,
                Requested = origin.Description,
                Tables = tables,
                Sales = sales?.Summary,
                Elapsed = time.GetElapsedTime(started),
            };
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            throw new SeedException("The database has no shop schema yet: migrate it before seeding.", exception);
        }
    }

    private static async Task<NpgsqlConnection> OpenAsync(string connectionString, CancellationToken cancellationToken)
    {
        var builder = new NpgsqlConnectionStringBuilder(connectionString)
        {
            Pooling = false,
            Multiplexing = false,
            CommandTimeout = CommandTimeoutInSeconds,
            ApplicationName = "tbyte-seed",
        };
        var connection = new NpgsqlConnection(builder.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        return connection;
    }

    private static async Task<SeedReport> LeaveAloneAsync(
        SeedTransaction statements,
        SeedOrigin wanted,
        CancellationToken cancellationToken)
    {
        var found = await statements.ReadOriginAsync(cancellationToken);
        return new SeedReport
        {
            Outcome = found?.Identity == wanted.Identity ? SeedOutcome.AlreadySeeded : SeedOutcome.OtherDataPresent,
            Requested = wanted.Description,
            Found = found?.Description,
        };
    }

    private static Task<ImportedSales> ReadSalesAsync(
        string file,
        IProgress<SeedProgress>? progress,
        CancellationToken cancellationToken) =>
        Task.Run(() => SalesImport.ReadFile(file, progress, cancellationToken), cancellationToken);
}
