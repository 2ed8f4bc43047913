using System.Diagnostics;
using TByte.Functions.Telemetry;

namespace TByte.Functions.Resilience;

/// <summary>
/// Does for one breaker what takes time, in the background: reports and reads the shared state, and probes the server. What it
/// does is in steps that whoever runs it calls; see <see cref="CircuitAgents"/>.
/// </summary>
internal sealed class CircuitAgent
{
    private readonly SharedCircuit _circuit;
    private readonly BreakerStore _store;
    private readonly Func<CancellationToken, Task> _probe;
    private readonly BreakerOptions _options;
    private readonly TimeProvider _time;
    private long _answeredAt;
    private string _token = NewToken();
    private (string Token, bool Succeeded)? _untold;

    /// <param name="circuit">The breaker.</param>
    /// <param name="store">Where the fleet shares it.</param>
    /// <param name="probe">Asks the server for a sign of life; throws when there is none, and ends soon when its token is cancelled.</param>
    /// <param name="options">How it is done.</param>
    /// <param name="time">Whose timers are used.</param>
    public CircuitAgent(SharedCircuit circuit, BreakerStore store, Func<CancellationToken, Task> probe, BreakerOptions options, TimeProvider time)
    {
        _circuit = circuit;
        _store = store;
        _probe = probe;
        _options = options;
        _time = time;
        _answeredAt = time.GetTimestamp();
    }

    public SharedCircuit Circuit => _circuit;

    /// <summary>Tells the fleet what this instance has seen and takes over what the fleet says; after a long silence goes on alone.</summary>
    public async Task ReportAsync()
    {
        CircuitSnapshot snapshot = _circuit.Snapshot;
        long now = _time.GetTimestamp();
        if (await _store.ReportAsync(_circuit.Name, snapshot.Epoch, snapshot.Evidence.Count(now), snapshot.Evidence.CountRecent(now)).ConfigureAwait(false) is { } fleet)
        {
            Volatile.Write(ref _answeredAt, _time.GetTimestamp());
            _circuit.Adopt(fleet);
        }
        else if (_time.GetElapsedTime(Volatile.Read(ref _answeredAt)) >= _options.InstanceLife)
        {
            _circuit.Lose();
        }
    }

    /// <summary>Probes the server if that is due and granted. Returns whether it succeeded and a further one is wanted at once.</summary>
    public async Task<bool> ProbeAsync(CancellationToken cancellationToken)
    {
        CircuitSnapshot snapshot = _circuit.Snapshot;
        if (snapshot.Fleet is { State: not BreakerState.Closed })
            return await ProbeForFleetAsync(snapshot.Epoch, cancellationToken).ConfigureAwait(false);
        if (!snapshot.Local.IsOpen)
            return false;

        bool succeeded = await TryProbeAsync(cancellationToken).ConfigureAwait(false);
        _circuit.LocalProbed(succeeded);
        return succeeded;
    }

    /// <summary>Gives an order to the fleet, which takes it by <paramref name="until"/>, in milliseconds of the store's clock, or never.</summary>
    /// <returns>Whether it was taken; null when there was no answer.</returns>
    public async Task<bool?> ForceAsync(BreakerOrder order, long until)
    {
        if (await _store.ForceAsync(_circuit.Name, _circuit.Snapshot.Epoch, order, until).ConfigureAwait(false) is not { } reply)
            return null;

        _circuit.Adopt(reply.State);
        return reply.Taken;
    }

    private async Task<bool> ProbeForFleetAsync(long epoch, CancellationToken cancellationToken)
    {
        // Its slot would stay taken until the lease ends.
        if (!await ConcludeAsync().ConfigureAwait(false))
            return false;
        if (await _store.AcquireAsync(_circuit.Name, epoch, _token).ConfigureAwait(false) is not { } reply)
            return false;

        _circuit.Adopt(reply.State);
        if (reply.Token is not { } token)
            return false;

        _token = NewToken();

        bool succeeded = await TryProbeAsync(cancellationToken).ConfigureAwait(false);
        _circuit.FleetProbed(succeeded);
        _untold = (token, succeeded);
        // Once more if there is no answer; then again when there is something to probe.
        _ = await ConcludeAsync().ConfigureAwait(false) || await ConcludeAsync().ConfigureAwait(false);
        return succeeded;
    }

    /// <summary>Tells the fleet what came of the last probe. Returns whether there is nothing left to tell.</summary>
    private async ValueTask<bool> ConcludeAsync()
    {
        if (_untold is not var (token, succeeded))
            return true;
        if (await _store.ConcludeAsync(_circuit.Name, _circuit.Snapshot.Epoch, token, succeeded).ConfigureAwait(false) is not { } fleet)
            return false;

        _untold = null;
        _circuit.Adopt(fleet);
        return true;
    }

    private async Task<bool> TryProbeAsync(CancellationToken cancellationToken)
    {
        using Activity? span = BreakerSpans.Probe(_circuit);
        using CancellationTokenSource patience = new(_options.ProbeTimeout, _time);
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellationToken);
        try
        {
            await _probe(end.Token).ConfigureAwait(false);
            return true;
        }
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever it was: there was no sign of life.
            span.Failed(failure);
            return false;
        }
    }

    private static string NewToken() => Guid.NewGuid().ToString("N");
}
