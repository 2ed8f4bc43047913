using System.Diagnostics;
using Npgsql;
using NpgsqlTypes;
using Polly;
using Polly.Retry;
using TByte.Functions.Telemetry;

namespace TByte.Functions.Postgres;

/// <summary>Runs idempotent reads: on the server that the router names, again on another one when that fails, and on two at once when one is slow.</summary>
internal sealed class ReadPath(ReadRouter router, PostgresOptions options, TimeProvider time, PostgresMetrics metrics)
{
    private static readonly ResiliencePropertyKey<IRepeatableRead> ReadKey = new("tbyte.read");

    private readonly ReadRouter _router = router;
    private readonly PostgresOptions _options = options;
    private readonly TimeProvider _time = time;
    private readonly PostgresMetrics _metrics = metrics;
    private readonly HedgeBudget _hedges = new(options.HedgeShare);
    private readonly RecentLatency _latency = new();
    private readonly ResiliencePipeline _retry = new ResiliencePipelineBuilder { TimeProvider = time }.AddRetry(Retry()).Build();

    /// <summary>Runs a read until it succeeds, or nothing more can be done within the budget.</summary>
    public Task<T> RunAsync<TState, T>(
        NpgsqlLogSequenceNumber atLeast, TState state, Func<NpgsqlConnection, TState, Task<T>> query, CancellationToken cancellationToken)
    {
        _hedges.Earn();
        return RepeatAsync(new Read<TState, T>(this, atLeast, isForPrimary: false, state, query), cancellationToken);
    }

    /// <summary>The same for a read that belongs on the primary.</summary>
    public Task<T> RunOnPrimaryAsync<TState, T>(
        TState state, Func<NpgsqlConnection, TState, Task<T>> query, CancellationToken cancellationToken) =>
        RepeatAsync(new Read<TState, T>(this, ShopDatabase.Newest, isForPrimary: true, state, query), cancellationToken);

    private async Task<T> RepeatAsync<TState, T>(Read<TState, T> read, CancellationToken cancellationToken)
    {
        using Activity? span = PostgresSpans.Read();
        ResilienceContext context = ResilienceContextPool.Shared.Get(cancellationToken);
        try
        {
            context.Properties.Set(ReadKey, read);
            return await _retry.ExecuteAsync(
                static (context, read) => read.AttemptAsync(context.CancellationToken), context, read).ConfigureAwait(false);
        }
        catch (Exception failure)
        {
            span.Failed(failure);
            throw;
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private bool MayHedge(Route route) => route.Server.Role == ServerRole.Replica && _options.HedgeShare > 0;

    private void Ended(Route route, AttemptKind kind, long started, Exception? failure)
    {
        TimeSpan took = _time.GetElapsedTime(started);
        // Left out, those that were not answered in time would make the rest look faster than they are.
        if ((failure is null or TimeoutException) && MayHedge(route))
            _latency.Add(took);
        _metrics.Attempted(route.Server.Name, kind, failure, took);
    }

    private static RetryStrategyOptions Retry() => new()
    {
        ShouldHandle = static arguments => new ValueTask<bool>(
            arguments.Outcome.Exception is { } failure
            && arguments.Context.Properties.TryGetValue(ReadKey, out IRepeatableRead? read)
            && read.IsWorthRepeating(failure)),
        // Another server is asked at once, the same one after a moment.
        DelayGenerator = static arguments => new ValueTask<TimeSpan?>(
            arguments.Context.Properties.TryGetValue(ReadKey, out IRepeatableRead? read) && read.HasAnotherServer ? TimeSpan.Zero : null),
        MaxRetryAttempts = 2,
        Delay = TimeSpan.FromMilliseconds(20),
        BackoffType = DelayBackoffType.Exponential,
        UseJitter = true,
    };

    private interface IRepeatableRead
    {
        bool HasAnotherServer { get; }

        bool IsWorthRepeating(Exception failure);
    }

    /// <summary>One read: what it asks, and whom it has asked.</summary>
    private sealed class Read<TState, T>(
        ReadPath path, NpgsqlLogSequenceNumber atLeast, bool isForPrimary, TState state, Func<NpgsqlConnection, TState, Task<T>> query)
        : IRepeatableRead
    {
        private readonly Deadline _deadline = Deadline.In(path._time, path._options.ReadBudget);
        private TriedServers _tried;
        private bool _isRepeated;

        public bool HasAnotherServer => !isForPrimary && path._router.HasAnother(atLeast, _tried);

        private bool HasAnotherReplica => !isForPrimary && path._router.NextReplica(atLeast, _tried) is not null;

        public bool IsWorthRepeating(Exception failure)
        {
            if (_deadline.Left == TimeSpan.Zero)
                return false;

            return failure switch
            {
                // What is too slow for a replica must not follow the reads to the primary.
                TimeoutException or PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } => HasAnotherReplica,
                NpgsqlException lost when DatabasePolicies.IsWorthRepeating(lost) => true,
                _ => HasAnotherServer && DatabasePolicies.Unavailable(failure) is not null,
            };
        }

        public async ValueTask<T> AttemptAsync(CancellationToken cancellationToken)
        {
            Route route = NextServer();
            Task<T> first = StartAsync(route, _isRepeated ? AttemptKind.Retry : AttemptKind.First, cancellationToken);
            _isRepeated = true;
            return path.MayHedge(route) && path._latency.P95 is { } usual
                ? await HedgeAsync(first, usual, cancellationToken).ConfigureAwait(false)
                : await first.ConfigureAwait(false);
        }

        private Route NextServer()
        {
            if (isForPrimary)
                return path._router.ToPrimary() with { Kind = PlaceKind.Own };
            if (path._router.Next(atLeast, _tried) is { } next)
                return next;

            _tried = default;
            return path._router.Next(atLeast, _tried)!.Value;
        }

        private RouteReason Reason(Route route) => route.Server.Role == ServerRole.Replica ? RouteReason.Replica
            : isForPrimary || atLeast == ShopDatabase.Newest ? RouteReason.NewestRows
            : route.Kind == PlaceKind.Own ? RouteReason.OnlyServer
            : RouteReason.NoReplica;

        private async Task<T> StartAsync(Route route, AttemptKind kind, CancellationToken cancellationToken)
        {
            _tried = _tried.With(route.Number);
            using Activity? span = PostgresSpans.Attempt(route.Server, Reason(route), kind);
            Deadline limit = HasAnotherReplica ? _deadline.ButWithin(path._options.AttemptTimeout) : _deadline;
            long started = path._time.GetTimestamp();
            try
            {
                T answer = await route.Server.RunAsync(route.Kind, limit, state, query, cancellationToken).ConfigureAwait(false);
                path.Ended(route, kind, started, null);
                return answer;
            }
            catch (Exception failure)
            {
                span.Failed(failure);
                path.Ended(route, kind, started, failure);
                throw;
            }
        }

        /// <summary>Asks a second replica when the first takes longer than it usually does; the first answer wins.</summary>
        private async Task<T> HedgeAsync(Task<T> first, TimeSpan usual, CancellationToken cancellationToken)
        {
            await Task.WhenAny(first, Task.Delay(usual, path._time, cancellationToken)).ConfigureAwait(false);
            if (first.IsCompleted
                || cancellationToken.IsCancellationRequested
                || path._router.NextReplica(atLeast, _tried) is not { } other
                || !path._hedges.TrySpend())
            {
                return await first.ConfigureAwait(false);
            }

            Task<T> second = StartAsync(other, AttemptKind.Hedge, cancellationToken);
            Task<T> winner = await Task.WhenAny(first, second).ConfigureAwait(false);
            if (!winner.IsCompletedSuccessfully)
                winner = winner == first ? second : first;
            (winner == first ? second : first).Abandon();
            return await winner.ConfigureAwait(false);
        }
    }
}
