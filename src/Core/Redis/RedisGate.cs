using System.Diagnostics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using TByte.Functions.Identity;
using TByte.Functions.Telemetry;

namespace TByte.Functions.Redis;

/// <summary>
/// The only road to Redis. Every call has a budget and passes a breaker, so that Redis down or hung costs a request a few
/// milliseconds once, not a time-out each. StackExchange.Redis itself looks at time-outs on its heartbeat, once a second.
/// </summary>
internal sealed class RedisGate : BackgroundService
{
    private readonly RedisOptions _options;
    private readonly AppIdentity _identity;
    private readonly TimeProvider _time;
    private readonly ILogger<RedisGate> _logger;
    private readonly RedisMetrics _metrics;
    private readonly RedisBreaker _breaker;
    private readonly Lock _subscriptionsLock = new();
    private readonly Dictionary<string, Action<string>> _subscriptions = [];
    private readonly TaskCompletionSource _firstProbe = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile IConnectionMultiplexer? _connection;
    private volatile bool _isClustered;

    public RedisGate(
        RedisOptions options, AppIdentity identity, RedisClock clock, TimeProvider time, RedisMetrics metrics, ILogger<RedisGate> logger)
    {
        _options = options;
        _identity = identity;
        Clock = clock;
        _time = time;
        _logger = logger;
        _metrics = metrics;
        _breaker = new RedisBreaker(options.FailuresToOpen);
        if (IsConfigured)
            metrics.Observe(() => IsAvailable);
    }

    public RedisClock Clock { get; }

    /// <summary>Whether there is a Redis to reach.</summary>
    public bool IsConfigured => _options.Connection.Length > 0;

    /// <summary>The longest that a call waits.</summary>
    public TimeSpan Budget => _options.Budget;

    /// <summary>The longest that a call of many commands waits, for which no reader waits.</summary>
    public TimeSpan BackgroundBudget => _options.Budget * 10;

    /// <summary>Whether calls go through at the moment.</summary>
    public bool IsAvailable => !_breaker.IsOpen;

    /// <summary>Whether one command may touch keys of one slot only.</summary>
    public bool IsClustered => _isClustered;

    /// <summary>Raised on a background thread each time Redis can be reached again, and when it is reached first.</summary>
    public event Action? Reconnected;

    /// <summary>Makes one call; no answer within the budget is an answer too. Throws only what <paramref name="call"/> has of its own.</summary>
    public ValueTask<RedisReply<T>> CallAsync<TState, T>(RedisPurpose purpose, TState state, Func<IDatabase, TState, Task<T>> call) =>
        CallAsync(purpose, state, call, _options.Budget);

    /// <inheritdoc cref="CallAsync{TState, T}(RedisPurpose, TState, Func{IDatabase, TState, Task{T}})"/>
    public async ValueTask<RedisReply<T>> CallAsync<TState, T>(
        RedisPurpose purpose, TState state, Func<IDatabase, TState, Task<T>> call, TimeSpan budget)
    {
        if (_breaker.IsOpen || _connection is not { } connection)
        {
            _metrics.Refused(purpose);
            RedisSpans.Refused(purpose);
            return default;
        }

        using Activity? span = RedisSpans.Call(purpose);
        long started = _time.GetTimestamp();
        try
        {
            T value = await Within(budget, call(connection.GetDatabase(), state)).ConfigureAwait(false);
            _breaker.CallSucceeded();
            _metrics.Answered(purpose, _time.GetElapsedTime(started));
            return new RedisReply<T>(value);
        }
        catch (Exception failure) when (failure is TimeoutException or RedisException or ObjectDisposedException)
        {
            span.Failed(failure);
            Failed(purpose, failure, _time.GetElapsedTime(started));
            return default;
        }
    }

    /// <summary>Hands messages of a channel to <paramref name="handler"/>, from now on and after every reconnect.</summary>
    public void Subscribe(string channel, Action<string> handler)
    {
        lock (_subscriptionsLock)
            _subscriptions.Add(channel, handler);
        if (_connection is { } connection)
            AddSubscription(connection, channel, handler);
    }

    /// <summary>Waits until Redis was tried once, so that the first requests find it; never longer than <paramref name="most"/>.</summary>
    public async Task WaitForFirstProbeAsync(TimeSpan most, CancellationToken cancellationToken)
    {
        try
        {
            await _firstProbe.Task.WaitAsync(most, _time, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            _logger.LogWarning("Redis has not answered within {Seconds} s of the start; the app starts without it", most.TotalSeconds);
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        if (_connection is { } connection)
            await connection.DisposeAsync().ConfigureAwait(false);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!IsConfigured)
        {
            _firstProbe.TrySetResult();
            return;
        }

        RedisLogin login = _identity.ToRedis(_options.Connection);
        ConfigurationOptions configuration = _options.ToConfiguration();
        await login.SignInAsync(configuration, Timeout.InfiniteTimeSpan, stoppingToken).ConfigureAwait(false);
        IConnectionMultiplexer connection = await ConnectionMultiplexer.ConnectAsync(configuration).ConfigureAwait(false);
        _connection = connection;
        lock (_subscriptionsLock)
        {
            foreach ((string channel, Action<string> handler) in _subscriptions)
                AddSubscription(connection, channel, handler);
        }

        Task renewing = login.Tokens is { } tokens
            ? new TokenRenewal(configuration, tokens, _time, _logger).RunAsync(connection, stoppingToken)
            : Task.CompletedTask;
        await Task.WhenAll(ProbeRepeatedlyAsync(connection, stoppingToken), renewing).ConfigureAwait(false);
    }

    private async Task ProbeRepeatedlyAsync(IConnectionMultiplexer connection, CancellationToken stoppingToken)
    {
        using PeriodicTimer timer = new(_options.ProbeInterval, _time);
        do
        {
            await ProbeAsync(connection).ConfigureAwait(false);
            _firstProbe.TrySetResult();
        }
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
    }

    private async Task ProbeAsync(IConnectionMultiplexer connection)
    {
        try
        {
            long askedAt = Clock.MonotonicMilliseconds;
            RedisResult answer = await Within(_options.Budget, connection.GetDatabase().ExecuteAsync("TIME")).ConfigureAwait(false);
            Clock.Set(ToTime(answer), askedAt);
            _isClustered = connection.GetServers().Any(static server => server.ServerType == ServerType.Cluster);
            if (_breaker.ProbeSucceeded())
            {
                _logger.LogInformation("Redis is reachable");
                Reconnected?.Invoke();
            }
        }
        catch (Exception failure) when (failure is TimeoutException or RedisException)
        {
            Failed(RedisPurpose.Probe, failure, _options.Budget);
        }
    }

    private async Task<T> Within<T>(TimeSpan budget, Task<T> call)
    {
        if (call.IsCompleted)
            return await call.ConfigureAwait(false);

        try
        {
            return await call.WaitAsync(budget, _time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // The reply, or the library's own time-out, comes later and nobody looks at it.
            _ = call.ContinueWith(
                static late => late.Exception,
                CancellationToken.None,
                TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default);
            throw;
        }
    }

    private void Failed(RedisPurpose purpose, Exception failure, TimeSpan after)
    {
        _metrics.Failed(purpose, after);
        // A server that answers with an error is there: only silence and lost connections close the road.
        if (failure is RedisServerException)
        {
            _breaker.CallSucceeded();
            _logger.LogWarning("Redis refused a command: {Error}", failure.Message);
            return;
        }

        if (_breaker.CallFailed())
            _logger.LogWarning("Redis does not answer ({Error}); going on without it", failure.GetType().Name);
    }

    private static void AddSubscription(IConnectionMultiplexer connection, string channel, Action<string> handler) =>
        connection.GetSubscriber().Subscribe(
            RedisChannel.Literal(channel),
            (_, message) => handler(message.ToString()),
            CommandFlags.FireAndForget);

    private static DateTime ToTime(RedisResult answer)
    {
        RedisResult[] parts = (RedisResult[])answer!;
        return DateTime.UnixEpoch.AddSeconds((long)parts[0]).AddTicks((long)parts[1] * TimeSpan.TicksPerMicrosecond);
    }
}
