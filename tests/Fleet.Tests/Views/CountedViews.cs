using Npgsql;

namespace TByte.Functions.Fleet.Tests.Views;

/// <summary>The views of a database: none at first.</summary>
internal sealed class CountedViews
{
    private readonly string _database;

    private CountedViews(string database) => _database = database + ";Pooling=false";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static async Task<CountedViews> BeginAsync(string database)
    {
        CountedViews views = new(database);
        await using NpgsqlConnection connection = await views.OpenAsync();
        await using NpgsqlCommand command = new("update products set view_count = 0", connection);
        await command.ExecuteNonQueryAsync(Token);
        return views;
    }

    /// <summary>By product; the first place stays empty.</summary>
    public Task<long[]> OfProductsAsync() => QueryAsync("select id, view_count from products");

    public async Task<long> InAllAsync() => (await OfProductsAsync()).Sum();

    /// <summary>Whether any batch is counted at all.</summary>
    public async Task<bool> AnyBatchAsync() => (await QueryAsync("select 0, count(*) from view_batches"))[0] > 0;

    /// <summary>Each product has at least and at most as many, and its views by the hour are as many.</summary>
    public async Task AssertBetweenAsync(IReadOnlyList<long> least, IReadOnlyList<long> most)
    {
        long[] counted = await OfProductsAsync();
        long[] hours = await QueryAsync("select product_id, sum(views)::bigint from product_view_hours group by product_id");
        Assert.Equal((0, 0), (Where(product => counted[product] < least[product]), Where(product => counted[product] > most[product])));
        Assert.Equal(counted, hours);
    }

    /// <summary>Each product has exactly as many as were answered.</summary>
    public async Task AssertAreAsync(ViewBook book)
    {
        Assert.Equal(book.Asked, book.Answered);
        await AssertBetweenAsync(book.Answered, book.Answered);
    }

    private static int Where(Func<int, bool> condition) => Enumerable.Range(1, ViewBook.Products).Count(condition);

    private async Task<long[]> QueryAsync(string sql)
    {
        await using NpgsqlConnection connection = await OpenAsync();
        await using NpgsqlCommand command = new(sql, connection);
        await using NpgsqlDataReader row = await command.ExecuteReaderAsync(Token);
        long[] found = new long[ViewBook.Products + 1];
        while (await row.ReadAsync(Token))
            found[row.GetInt64(0)] = row.GetInt64(1);
        return found;
    }

    private async Task<NpgsqlConnection> OpenAsync()
    {
        NpgsqlConnection connection = new(_database);
        await connection.OpenAsync(Token);
        return connection;
    }
}
