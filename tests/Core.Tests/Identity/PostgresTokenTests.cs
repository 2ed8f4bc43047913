using Azure.Core;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using TByte.Functions.Core.Tests.Postgres;
using TByte.Functions.Postgres;
using TByte.Functions.Testing;
using TByte.Functions.Testing.Identity;
using TByte.Functions.Testing.Postgres;

namespace TByte.Functions.Core.Tests.Identity;

/// <summary>A real PostgreSQL that lets in who has a valid token, with lives of seconds.</summary>
public sealed class PostgresTokenTests
{
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(6);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Over_several_lives_every_new_connection_of_pool_and_probes_is_let_in()
    {
        TokenAuthority authority = new(Life);
        await using TestPostgres postgres = await TestPostgres.StartAsync(Token);
        using TokenRole role = await TokenRole.CreateAsync(postgres.ConnectionString, authority, Token);
        await using DatabaseInstance instance = await StartAsync(role, authority);
        await instance.AllUpAsync();
        int refused = role.Refused;
        ServerLogin login = instance.Servers.Primary.Login;
        TaskCompletionSource end = new();
        List<Task<int>> reads = [];

        // Each read keeps its connection, so that the next one needs a new one.
        while (authority.Issued < 6 || authority.Expired.Count() < 3)
        {
            int before = role.Accepted;
            reads.Add(instance.Database.ReadAsync(
                end.Task,
                static async (connection, end) =>
                {
                    await using NpgsqlCommand command = new("select 1", connection);
                    int one = (int)(await command.ExecuteScalarAsync())!;
                    await end;
                    return one;
                },
                Token));
            await new SignOfLife(login, TimeProvider.System).AskAsync(Token);
            await using (ProbeConnection probe = new(login, TimeSpan.FromSeconds(20), TimeProvider.System))
                await probe.AskAsync(Token);
            await Eventually.HoldsAsync(() => role.Accepted >= before + 3, "three connections were let in", Token);
            await Task.Delay(500, Token);
        }
        end.SetResult();

        Assert.All(await Task.WhenAll(reads), answer => Assert.Equal(1, answer));
        Assert.Equal(refused, role.Refused);
    }

    [Fact]
    public async Task While_the_token_source_is_down_the_token_goes_on_and_without_one_the_server_counts_as_unavailable()
    {
        TokenAuthority authority = new(Life);
        await using TestPostgres postgres = await TestPostgres.StartAsync(Token);
        using TokenRole role = await TokenRole.CreateAsync(postgres.ConnectionString, authority, Token);
        await using DatabaseInstance instance = await StartAsync(
            role, authority, ("Postgres:ConnectTimeout", "00:00:01"), ("Postgres:ReadBudget", "00:00:03"), ("Breaker:FailuresToOpen", 1_000), ("Breaker:FailureRatio", 1));
        await instance.AllUpAsync();
        int refused = role.Refused;
        int issued = authority.Issued;

        authority.IsDown = true;
        await OpensAsync(instance);
        await Eventually.HoldsAsync(() => authority.Expired.Count() == authority.Issued, "the last token has expired", Token);
        Assert.InRange(authority.Issued, issued, issued + 1);

        DatabaseUnavailableException failure = await Assert.ThrowsAsync<DatabaseUnavailableException>(() => OpensAsync(instance));
        Assert.IsType<TimeoutException>(Innermost(failure));
        Assert.Equal(refused, role.Refused);

        authority.IsDown = false;
        await Eventually.HoldsAsync(
            async () =>
            {
                try
                {
                    await OpensAsync(instance);
                    return true;
                }
                catch (DatabaseUnavailableException)
                {
                    return false;
                }
            },
            "connections are opened again",
            Token);
        Assert.Equal(refused, role.Refused);
        Assert.DoesNotContain(instance.Logs.GetSnapshot(), record => $"{record.Message} {record.Exception}".Contains("token-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_password_in_the_connection_string_is_used_and_no_token_is_asked_for()
    {
        TokenAuthority authority = new(Life);
        await using TestPostgres postgres = await TestPostgres.StartAsync(Token);
        await using DatabaseInstance instance = await DatabaseInstance.StartAsync(
            postgres.ConnectionString, [], services => services.AddSingleton<TokenCredential>(authority), ("Identity:ClientId", Guid.NewGuid()));

        await instance.AllUpAsync();

        Assert.Equal(postgres.Port, await instance.ReadPortAsync());
        Assert.Equal(0, authority.Issued);
    }

    private static Task<DatabaseInstance> StartAsync(TokenRole role, TokenAuthority authority, params (string Key, object Value)[] settings) =>
        DatabaseInstance.StartAsync(
            role.ConnectionString,
            [],
            services => services.AddSingleton<TokenCredential>(authority),
            [("Identity:ClientId", Guid.NewGuid()), .. settings]);

    /// <summary>Over a new connection.</summary>
    private static async Task OpensAsync(DatabaseInstance instance)
    {
        instance.Servers.Primary.IsAway();
        await instance.ReadPortAsync();
    }

    private static Exception Innermost(Exception failure)
    {
        while (failure.InnerException is { } inner)
            failure = inner;
        return failure;
    }
}
