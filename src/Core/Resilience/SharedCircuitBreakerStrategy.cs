using Polly;
using Polly.CircuitBreaker;

namespace TByte.Functions.Resilience;

/// <summary>
/// The part that calls go through. It reads a snapshot and counts; nothing here waits, locks or asks another machine, and
/// neither a call that passes nor one that is refused allocates.
/// </summary>
internal sealed class SharedCircuitBreakerStrategy<T> : ResilienceStrategy<T>
{
    private readonly SharedCircuit _circuit;
    private readonly Func<CircuitBreakerPredicateArguments<T>, ValueTask<bool>> _shouldHandle;
    private readonly TimeProvider _time;
    private readonly long _slow;
    private Refusal? _refusal;

    public SharedCircuitBreakerStrategy(SharedCircuitBreakerStrategyOptions<T> options)
    {
        _circuit = options.Circuit!;
        _shouldHandle = options.ShouldHandle;
        // Timestamps of two providers cannot be compared: the breaker's counts, not the pipeline's.
        _time = _circuit.Time;
        _slow = options.SlowCallDuration == Timeout.InfiniteTimeSpan
            ? long.MaxValue
            : (long)(options.SlowCallDuration.TotalSeconds * _time.TimestampFrequency);
    }

    protected override ValueTask<Outcome<T>> ExecuteCore<TState>(
        Func<ResilienceContext, TState, ValueTask<Outcome<T>>> callback, ResilienceContext context, TState state)
    {
        long started = _time.GetTimestamp();
        CircuitSnapshot snapshot = _circuit.Snapshot;
        if (!snapshot.PassesAll && !_circuit.Admits(snapshot, started))
            return new ValueTask<Outcome<T>>(Refuse(snapshot));

        ValueTask<Outcome<T>> call;
        try
        {
            call = callback(context, state);
        }
        catch (Exception failure)
        {
            call = Outcome.FromExceptionAsValueTask<T>(failure);
        }

        if (!call.IsCompletedSuccessfully)
            return AwaitAsync(call, snapshot, context, started);

        Outcome<T> outcome = call.Result;
        ValueTask<bool> handled = _shouldHandle(new CircuitBreakerPredicateArguments<T>(context, outcome));
        if (!handled.IsCompletedSuccessfully)
            return AwaitAsync(handled, outcome, snapshot, context, started);

        Count(handled.Result, outcome, snapshot, started);
        return new ValueTask<Outcome<T>>(outcome);
    }

    private async ValueTask<Outcome<T>> AwaitAsync(
        ValueTask<Outcome<T>> call, CircuitSnapshot snapshot, ResilienceContext context, long started)
    {
        Outcome<T> outcome;
        try
        {
            outcome = await call.ConfigureAwait(context.ContinueOnCapturedContext);
        }
        catch (Exception failure)
        {
            outcome = Outcome.FromException<T>(failure);
        }

        ValueTask<bool> handled = _shouldHandle(new CircuitBreakerPredicateArguments<T>(context, outcome));
        return await AwaitAsync(handled, outcome, snapshot, context, started).ConfigureAwait(context.ContinueOnCapturedContext);
    }

    private async ValueTask<Outcome<T>> AwaitAsync(
        ValueTask<bool> handled, Outcome<T> outcome, CircuitSnapshot snapshot, ResilienceContext context, long started)
    {
        Count(await handled.ConfigureAwait(context.ContinueOnCapturedContext), outcome, snapshot, started);
        return outcome;
    }

    private void Count(bool isFailure, Outcome<T> outcome, CircuitSnapshot snapshot, long started)
    {
        long now = _time.GetTimestamp();
        if (isFailure)
            _circuit.Failed(snapshot, now);
        else if (outcome.Exception is null)
            _circuit.Succeeded(snapshot, now, slow: now - started > _slow);
    }

    // The outcome is kept, and not only its exception: it holds what is thrown from, which would grow with every throw.
    private Outcome<T> Refuse(CircuitSnapshot snapshot)
    {
        _circuit.CountRefused();
        Refusal? refusal = _refusal;
        if (refusal is null || !ReferenceEquals(refusal.Of, snapshot))
            _refusal = refusal = new Refusal(snapshot, Outcome.FromException<T>(snapshot.Rejection));
        return refusal.Outcome;
    }

    private sealed record Refusal(CircuitSnapshot Of, Outcome<T> Outcome);
}
