using System.Collections.Concurrent;
using System.Diagnostics;

namespace TByte.Functions.Caching;

/// <summary>Lets callers that want the same thing at the same time share one run of the work, within this process.</summary>
internal sealed class SingleFlight<T>
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<T>> _flights = new();

    /// <summary>
    /// Joins the run under way, or starts one. The work belongs to no caller and is not ended when one leaves. Who starts it goes
    /// on where it ends; those who joined are woken elsewhere, so that none of them holds up another.
    /// </summary>
    public Task<T> RunAsync<TState>(string key, TState state, Func<TState, Task<T>> work) => RunAsync(key, state, work, out _);

    /// <inheritdoc cref="RunAsync{TState}(string, TState, Func{TState, Task{T}})"/>
    /// <param name="key">What is wanted.</param>
    /// <param name="state">For the work.</param>
    /// <param name="work">Does it.</param>
    /// <param name="isAnothers">Whether the run was begun by another caller; its span, if it has one, is then the task's state.</param>
    public Task<T> RunAsync<TState>(string key, TState state, Func<TState, Task<T>> work, out bool isAnothers)
    {
        while (true)
        {
            isAnothers = _flights.TryGetValue(key, out TaskCompletionSource<T>? flight);
            if (isAnothers)
                return flight!.Task;

            flight = new TaskCompletionSource<T>(Activity.Current, TaskCreationOptions.RunContinuationsAsynchronously);
            if (_flights.TryAdd(key, flight))
                return CompleteAsync(key, flight, state, work);
        }
    }

    private async Task<T> CompleteAsync<TState>(string key, TaskCompletionSource<T> flight, TState state, Func<TState, Task<T>> work)
    {
        try
        {
            T result = await work(state).ConfigureAwait(false);
            // Removed first: who comes now must not get a result that is about to be out of date.
            _flights.TryRemove(key, out _);
            flight.SetResult(result);
            return result;
        }
        catch (Exception failure)
        {
            _flights.TryRemove(key, out _);
            flight.SetException(failure);
            // Nobody may have joined; the failure is then the starter's alone.
            _ = flight.Task.Exception;
            throw;
        }
    }
}
