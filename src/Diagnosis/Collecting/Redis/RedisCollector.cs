using StackExchange.Redis;
using TByte.Functions.Operations;
using TByte.Functions.Redis;

namespace TByte.Functions.Diagnosis;

/// <summary>Looks at Redis over a connection of its own, for a bounded time: whether it answers is a part of what is asked.</summary>
internal sealed class RedisCollector(string connection, RedisLogin login, TimeProvider time)
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(15);

    private KeySample? _sample;

    /// <summary>Its counters and a sample of its keys, to compare the next look with; null when it does not answer.</summary>
    public async Task<RedisMemory?> CountAsync(IReadOnlyList<string> servers, CancellationToken cancellationToken) =>
        (await LookAsync(servers, before: null, cancellationToken).ConfigureAwait(false)).Memory;

    /// <summary>All there is to see.</summary>
    /// <param name="servers">Names of the database servers, which the breakers have too.</param>
    /// <param name="before">The last look.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<RedisView> LookAsync(IReadOnlyList<string> servers, RedisMemory? before, CancellationToken cancellationToken)
    {
        try
        {
            return await AskAsync(servers, before, cancellationToken).WaitAsync(Budget, time, cancellationToken).ConfigureAwait(false);
        }
        catch (RedisServerException refusal)
        {
            // It runs; this user may not look.
            return new RedisView(Evidence: null, Fleet: null, [], Memory: null, [new NotSeen("Redis", refusal.Message)]);
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException)
        {
            string problem = failure is RedisConnectionException { FailureType: ConnectionFailureType.AuthenticationFailure }
                ? "it refuses the user or password"
                : "it cannot be reached, or does not answer";
            return new RedisView(new RedisEvidence { Problem = problem }, Fleet: null, [], Memory: null, [new NotSeen("everything of Redis", problem)]);
        }
    }

    private async Task<RedisView> AskAsync(IReadOnlyList<string> names, RedisMemory? before, CancellationToken cancellationToken)
    {
        ConfigurationOptions configuration = Configuration();
        await login.SignInAsync(configuration, TimeSpan.FromMilliseconds(configuration.ConnectTimeout), cancellationToken).ConfigureAwait(false);
        await using ConnectionMultiplexer redis = await ConnectionMultiplexer.ConnectAsync(configuration).ConfigureAwait(false);
        IServer[] servers = [.. redis.GetServers().Where(static server => server.IsConnected && !server.IsReplica)];
        if (servers.Length == 0)
            throw new TimeoutException();

        IDatabase database = redis.GetDatabase();
        await database.PingAsync().ConfigureAwait(false);
        RedisInfo info = await RedisInfo.ReadAsync(servers).ConfigureAwait(false);
        long keys = (await Task.WhenAll(servers.Select(server => server.DatabaseSizeAsync(database.Database))).ConfigureAwait(false)).Sum();
        KeySample sample = await KeySample.TakeAsync(database, servers, time, cancellationToken).ConfigureAwait(false);
        RedisEvidence evidence = new()
        {
            Use = info.Counter.Since(before?.Counter),
            Keys = keys,
            KeysBefore = before?.Keys,
            UsedBytes = info.UsedBytes,
            MaxBytes = info.MaxBytes,
            EvictionPolicy = info.EvictionPolicy,
            Uptime = info.Uptime,
            Sample = await sample.CompareAsync(_sample, database, time, cancellationToken).ConfigureAwait(false),
        };
        _sample = sample;
        long nowMs = new DateTimeOffset(await servers[0].TimeAsync().ConfigureAwait(false)).ToUnixTimeMilliseconds();
        IReadOnlyList<InstanceStatus> instances = FleetStatus.Read(await database.HashGetAllAsync(FleetStatus.Key).ConfigureAwait(false), nowMs);
        IReadOnlyList<StoredBreaker> breakers = await StoredBreaker.ReadAsync(database, names, nowMs).ConfigureAwait(false);
        // Looking at keys counts as reading them, which the next look must not take for readers'.
        RedisInfo left = await RedisInfo.ReadAsync(servers).ConfigureAwait(false);
        RedisMemory memory = new(
            left.Counter, keys, FleetCounters.Of(instances), breakers.ToDictionary(static breaker => breaker.Name, static breaker => breaker.Epoch));
        return new RedisView(
            evidence, FleetCounters.Since(instances, before), [.. breakers.Select(breaker => breaker.Since(before))], memory, Unseen(info, instances));
    }

    private ConfigurationOptions Configuration()
    {
        ConfigurationOptions configuration = ConfigurationOptions.Parse(connection);
        configuration.ClientName = "tbyte-functions-diagnosis";
        // INFO counts as an order of an administrator; nothing else of the kind is sent.
        configuration.AllowAdmin = true;
        configuration.AbortOnConnectFail = true;
        configuration.ConnectRetry = 1;
        configuration.ConnectTimeout = 3_000;
        configuration.AsyncTimeout = 5_000;
        configuration.IncludeDetailInExceptions = false;
        return configuration;
    }

    private static List<NotSeen> Unseen(RedisInfo info, IReadOnlyList<InstanceStatus> instances) =>
    [
        .. info.Counter.Hits is null ? [new NotSeen("hits and misses of Redis", "this server does not count them")] : Array.Empty<NotSeen>(),
        .. instances.Count == 0
            ? [new NotSeen("the caches, pools and rate limits of the API's instances", "none has told anything in Redis within the last minute")]
            : Array.Empty<NotSeen>(),
    ];
}

/// <summary>What one look at Redis has brought.</summary>
internal sealed record RedisView(
    RedisEvidence? Evidence, FleetEvidence? Fleet, IReadOnlyList<BreakerUse> Breakers, RedisMemory? Memory, IReadOnlyList<NotSeen> NotSeen);
