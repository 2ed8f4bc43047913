using System;
using System.Runtime.InteropServices;
using System.Threading;

namespace TByte.Functions.LocalHost.Supervision;

/// <summary>Ctrl-C, SIGTERM and a closed terminal: the first one asks to stop, a second one to stop at once.</summary>
internal sealed class Interruption : IDisposable
{
    private const int ExitAfterInterrupt = 130;

    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _stopAtOnce = new();
    private readonly PosixSignalRegistration[] _registrations;
    private int _signals;

    public Interruption() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle),
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, Handle),
    ];

    public CancellationToken Stop => _stop.Token;

    public CancellationToken StopAtOnce => _stopAtOnce.Token;

    /// <summary>0 after SIGTERM, which is how a process is asked to end; 130 after Ctrl-C, as shells expect.</summary>
    public int ExitCode { get; private set; }

    public void Dispose()
    {
        Array.ForEach(_registrations, registration => registration.Dispose());
        _stop.Dispose();
        _stopAtOnce.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _signals) > 1)
        {
            _stopAtOnce.Cancel();
            return;
        }
        ExitCode = context.Signal == PosixSignal.SIGINT ? ExitAfterInterrupt : 0;
        _stop.Cancel();
    }
}
