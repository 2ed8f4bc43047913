using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using TByte.Functions.Postgres;

namespace TByte.Functions.Users;

/// <summary>A user of the shop.</summary>
public sealed record User(long Id, string Email, string Name, bool Active, DateTimeOffset CreatedAt);

/// <summary>Looks up users. Not cached: personal data stays out of Redis, and nobody asks for it often.</summary>
public sealed class UserDirectory
{
    private const string FindSql = "select id, email, name, active, created_at from users where email = lower($1) and active";

    private readonly ShopDatabase _database;

    internal UserDirectory(ShopDatabase database) => _database = database;

    /// <summary>Finds the active user with an address, in whatever case it is written.</summary>
    /// <exception cref="DatabaseUnavailableException">The database does not answer.</exception>
    public Task<User?> FindByEmailAsync(string email, CancellationToken cancellationToken) =>
        _database.ReadAsync(email, static async (connection, email) =>
        {
            await using NpgsqlCommand command = new(FindSql, connection) { Parameters = { new() { Value = email } } };
            await using NpgsqlDataReader row = await command.ExecuteReaderAsync();
            return await row.ReadAsync()
                ? new User(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetBoolean(3), row.GetFieldValue<DateTimeOffset>(4))
                : null;
        }, cancellationToken);
}

/// <summary>Registers the directory.</summary>
public static class UserServices
{
    /// <summary>Adds <see cref="UserDirectory"/>.</summary>
    public static IServiceCollection AddUsers(this IServiceCollection services) =>
        services.AddSingleton(provider => new UserDirectory(provider.GetRequiredService<ShopDatabase>()));
}
