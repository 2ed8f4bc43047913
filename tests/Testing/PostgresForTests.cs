namespace TByte.Functions.Testing;

/// <summary>The server that tests make their databases on.</summary>
internal static class PostgresForTests
{
    public static string ConnectionString => Environment.GetEnvironmentVariable("TBYTE_TEST_POSTGRES")
        ?? throw new InvalidOperationException("$XunitDynamicSkip$TBYTE_TEST_POSTGRES names no PostgreSQL server.");

    public static Task<EmptyDatabase> CreateDatabaseAsync() => EmptyDatabase.CreateAsync(ConnectionString);
}
