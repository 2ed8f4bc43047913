using Microsoft.Extensions.Logging.Abstractions;
using TByte.Functions.Diagnosis.Indexes;
using TByte.Functions.Identity;
using TByte.Functions.Testing;
using TByte.Functions.Testing.Identity;
using TByte.Functions.Testing.Postgres;
using TByte.Functions.Testing.Redis;

namespace TByte.Functions.Diagnosis.Tests.Collecting;

/// <summary>The diagnosis signs in with tokens, the one of the moment at each look.</summary>
public sealed class TokenTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Looks_and_builds_over_several_lives_of_a_token()
    {
        TokenAuthority authority = new(TimeSpan.FromSeconds(6));
        await using TestPostgres postgres = await TestPostgres.StartAsync(Token);
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        using TokenRole role = await TokenRole.CreateAsync(postgres.ConnectionString, authority, Token);
        TokenUser user = TokenUser.Create(authority, redis.Connection);
        using AppIdentity identity = new(authority, user.Name, TimeProvider.System, NullLogger<TokenKeeper>.Instance);
        DiagnosisRun run = new(new DiagnosisTarget(role.ConnectionString, [], redis.Connection) { Identity = identity }, TimeProvider.System);
        IndexBuilder builder = new(identity.ToPostgres(role.ConnectionString));
        int refused = role.Refused;

        for (int expired = 0; expired < 3; expired++)
        {
            await Eventually.HoldsAsync(() => authority.Issued > 0 && authority.Expired.Count() >= expired, "tokens have expired", Token);
            DiagnosisReport report = (await run.RunAsync(memory: null, TimeSpan.Zero, Token)).Report;

            Assert.All(report.Servers, static server => Assert.Null(server.Problem));
            Assert.NotNull(report.Cache);
            Assert.Empty(await builder.SweepAsync(Token));
        }

        Assert.Equal(refused, role.Refused);
        Assert.InRange(role.Accepted, 6, int.MaxValue);
    }

    [Fact]
    public async Task Without_a_token_the_server_and_redis_cannot_be_reached()
    {
        TokenAuthority authority = new(TimeSpan.FromHours(1)) { IsDown = true };
        await using TestPostgres postgres = await TestPostgres.StartAsync(Token);
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        using TokenRole role = await TokenRole.CreateAsync(postgres.ConnectionString, authority, Token);
        using AppIdentity identity = new(authority, "nobody", TimeProvider.System, NullLogger<TokenKeeper>.Instance);
        DiagnosisRun run = new(new DiagnosisTarget(role.ConnectionString, [], redis.Connection) { Identity = identity }, TimeProvider.System);

        DiagnosisReport report = (await run.RunAsync(memory: null, TimeSpan.Zero, Token)).Report;

        Assert.Contains(report.NotSeen, static part => part.Subject == "everything of postgres-primary");
        Assert.Contains(report.NotSeen, static part => part.Subject == "everything of Redis");
    }
}
