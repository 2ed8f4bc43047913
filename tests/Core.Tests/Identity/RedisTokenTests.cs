using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Testing;
using StackExchange.Redis;
using TByte.Functions.Identity;
using TByte.Functions.Redis;
using TByte.Functions.Telemetry;
using TByte.Functions.Testing;
using TByte.Functions.Testing.Identity;
using TByte.Functions.Testing.Redis;

namespace TByte.Functions.Core.Tests.Identity;

/// <summary>The gate before a real Redis that lets in who has a valid token, and cuts connections whose last token has expired.</summary>
public sealed class RedisTokenTests
{
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(6);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Over_several_lives_no_connection_is_cut_and_calls_and_messages_go_on()
    {
        TokenAuthority authority = new(Life);
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        TokenUser user = TokenUser.Create(authority, redis.Connection);
        await using TokenGuard guard = TokenGuard.Start(redis.Port, authority);
        await using SignedInGate gate = await SignedInGate.StartAsync($"127.0.0.1:{guard.Port}", user, authority);
        ConcurrentQueue<string> heard = new();
        gate.Gate.Subscribe("news", heard.Enqueue);
        Assert.Equal(user.Name, await gate.WhoAmIAsync());
        await Eventually.HoldsAsync(async () => await gate.PublishAsync("first") == 1, "it has subscribed", Token);
        int connections = guard.Connections;

        int sent = 0;
        while (authority.Expired.Count() < 4)
        {
            Assert.Equal(1, await gate.PublishAsync($"{++sent}"));
            await Task.Delay(100, Token);
        }

        await Eventually.HoldsAsync(() => heard.Contains($"{sent}"), "the last message has come", Token);
        Assert.Equal(Enumerable.Range(1, sent).Select(static message => $"{message}"), heard.Where(static message => message != "first"));
        Assert.Equal(0, guard.Cuts);
        Assert.Equal(connections, guard.Connections);
        Assert.InRange(guard.Presented, authority.Issued, 2 * authority.Issued);
        Assert.Equal(1, gate.Reconnects);
        Assert.DoesNotContain(gate.Log.Collector.GetSnapshot(), record => record.Message.Contains("token", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task Cut_because_the_token_source_was_down_for_long_it_gets_in_again_with_a_new_token()
    {
        TokenAuthority authority = new(TimeSpan.FromSeconds(3));
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        TokenUser user = TokenUser.Create(authority, redis.Connection);
        await using TokenGuard guard = TokenGuard.Start(redis.Port, authority);
        await using SignedInGate gate = await SignedInGate.StartAsync($"127.0.0.1:{guard.Port}", user, authority);

        authority.IsDown = true;
        await Eventually.HoldsAsync(() => guard.Cuts > 0 && !gate.Gate.IsAvailable, "it is cut", Token);
        authority.IsDown = false;

        // What gets in with the old token meanwhile is cut at once.
        int cuts = -1;
        await Eventually.HoldsAsync(
            async () =>
            {
                int before = cuts;
                cuts = guard.Cuts;
                await Task.Delay(500, Token);
                return gate.Gate.IsAvailable && guard.Cuts == cuts && before == cuts && authority.Valid.Any() && await gate.IsAnsweredAsync();
            },
            "it is in again, and stays",
            Token);
        Assert.DoesNotContain(gate.Log.Collector.GetSnapshot(), record => $"{record.Message} {record.Exception}".Contains("token-", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_token_that_is_refused_is_told_of_once_and_presented_again_until_it_is_taken()
    {
        TokenAuthority authority = new(TimeSpan.FromSeconds(24));
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        TokenUser user = TokenUser.Create(authority, redis.Connection);
        Func<string, Task> admit = authority.Issuing;
        await using TokenGuard guard = TokenGuard.Start(redis.Port, authority);
        await using SignedInGate gate = await SignedInGate.StartAsync($"127.0.0.1:{guard.Port}", user, authority);
        string? unknown = null;
        authority.Issuing = token =>
        {
            unknown = token;
            authority.Issuing = admit;
            return Task.CompletedTask;
        };

        await Eventually.HoldsAsync(() => authority.Issued == 2, "there is a new token", Token);
        int presented = guard.Presented;
        await Eventually.HoldsAsync(() => guard.Presented >= presented + 2, "it is presented again", Token);
        await admit(unknown!);
        await Eventually.HoldsAsync(() => authority.Issued == 4, "there are later ones", Token);

        FakeLogRecord refusal = Assert.Single(gate.Log.Collector.GetSnapshot(), record => record.Message.Contains("token", StringComparison.Ordinal));
        Assert.Contains("WRONGPASS", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(unknown!, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(0, guard.Cuts);
        Assert.Equal(1, gate.Reconnects);
    }

    [Fact]
    public async Task Every_node_of_a_cluster_is_told_of_every_token()
    {
        TokenAuthority authority = new(Life);
        await using TestRedisCluster cluster = await TestRedisCluster.StartAsync(Token);
        TokenUser user = TokenUser.Create(authority, [.. cluster.Nodes.Select(static node => node.Connection)]);
        await using SignedInGate gate = await SignedInGate.StartAsync(cluster.Nodes[0].Connection, user, authority);
        await using ConnectionMultiplexer admin = await ConnectionMultiplexer.ConnectAsync(cluster.Connection + ",allowAdmin=true");
        await Eventually.HoldsAsync(async () => (await ClientsAsync(admin, user)).All(static clients => clients.Length == 1), "it is in everywhere", Token);
        string[][] clients = await ClientsAsync(admin, user);
        long[] before = await SignInsAsync(admin);
        int issued = authority.Issued;

        await Eventually.HoldsAsync(() => authority.Issued >= issued + 4, "there are new tokens", Token);

        // One may be on its way.
        await Eventually.HoldsAsync(
            async () => (await SignInsAsync(admin)).Zip(before).All(node => node.First - node.Second >= 4), "every node was told of each", Token);
        Assert.Equal(clients, await ClientsAsync(admin, user));
    }

    /// <summary>The connections of the user to each node, by their ids.</summary>
    private static Task<string[][]> ClientsAsync(ConnectionMultiplexer admin, TokenUser user) => Task.WhenAll(admin.GetServers().Select(async server =>
    {
        string list = (await server.ExecuteAsync("CLIENT", "LIST")).ToString();
        return list.Split('\n').Where(line => line.Contains($"user={user.Name} ", StringComparison.Ordinal)).Select(static line => line.Split(' ')[0]).ToArray();
    }));

    private static Task<long[]> SignInsAsync(ConnectionMultiplexer admin) => Task.WhenAll(admin.GetServers().Select(static async server =>
    {
        string auth = (await server.InfoAsync("commandstats"))[0].Single(static command => command.Key == "cmdstat_auth").Value;
        return long.Parse(auth.Split(',')[0]["calls=".Length..], CultureInfo.InvariantCulture);
    }));

    private sealed class SignedInGate : IAsyncDisposable
    {
        private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
        private readonly AppIdentity _identity;
        private int _reconnects;

        private SignedInGate(string connection, TokenUser user, TokenAuthority authority)
        {
            _identity = new AppIdentity(authority, user.Name, TimeProvider.System, NullLogger<TokenKeeper>.Instance);
            Gate = new RedisGate(
                new RedisOptions { Connection = connection },
                _identity,
                new RedisClock(TimeProvider.System),
                TimeProvider.System,
                ActivatorUtilities.CreateInstance<RedisMetrics>(_services),
                Log);
            Gate.Reconnected += () => Interlocked.Increment(ref _reconnects);
        }

        public RedisGate Gate { get; }

        public FakeLogger<RedisGate> Log { get; } = new();

        public int Reconnects => Volatile.Read(ref _reconnects);

        public static async Task<SignedInGate> StartAsync(string connection, TokenUser user, TokenAuthority authority)
        {
            SignedInGate gate = new(connection, user, authority);
            await gate.Gate.StartAsync(Token);
            await Eventually.HoldsAsync(() => gate.Gate.IsAvailable, "Redis is reachable", Token);
            return gate;
        }

        public async Task<string?> WhoAmIAsync() => (string?)await CallAsync(static database => database.ExecuteAsync("ACL", "WHOAMI"));

        public async Task<bool> IsAnsweredAsync() =>
            (await Gate.CallAsync(RedisPurpose.Probe, 0, static (database, _) => database.PingAsync(), TimeSpan.FromSeconds(5))).Answered;

        /// <summary>Returns how many were listening.</summary>
        public Task<long> PublishAsync(string message) => CallAsync(database => database.PublishAsync(RedisChannel.Literal("news"), message));

        public async ValueTask DisposeAsync()
        {
            await Gate.StopAsync(CancellationToken.None);
            Gate.Dispose();
            _identity.Dispose();
            await _services.DisposeAsync();
        }

        // On a busy machine a call may take longer than an app would wait for it.
        private async Task<T> CallAsync<T>(Func<IDatabase, Task<T>> call)
        {
            RedisReply<T> reply = await Gate.CallAsync(RedisPurpose.Probe, call, static (database, call) => call(database), TimeSpan.FromSeconds(5));
            return reply.Value;
        }
    }
}
