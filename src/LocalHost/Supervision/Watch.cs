using System;
using System.Threading;
using System.Threading.Tasks;
using TByte.Functions.LocalHost.Servers;

namespace TByte.Functions.LocalHost.Supervision;

/// <summary>
/// Says when a process has ended by itself, with its last lines, and starts it again after a wait that doubles: as a platform would,
/// and so that a process can be killed to see what the others make of it.
/// </summary>
internal sealed class Watch(Terminal terminal, TimeProvider time)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    public async Task OnAsync(string name, ISupervised process, CancellationToken cancellationToken)
    {
        TimeSpan wait = FirstWait;
        long started = time.GetTimestamp();
        while (true)
        {
            int code = await process.Exited.WaitAsync(cancellationToken);
            if (time.GetElapsedTime(started) > LongestWait)
                wait = FirstWait;
            terminal.ShowTail(name, process.Tail);
            terminal.Say($"{name} ended by itself with code {code}. It is started again in {wait.TotalSeconds:0} s.");

            do
            {
                await Task.Delay(wait, time, cancellationToken);
                wait = wait * 2 < LongestWait ? wait * 2 : LongestWait;
            }
            while (!await TryRestartAsync(name, process, wait, cancellationToken));
            started = time.GetTimestamp();
        }
    }

    private async Task<bool> TryRestartAsync(string name, ISupervised process, TimeSpan wait, CancellationToken cancellationToken)
    {
        try
        {
            await process.RestartAsync(cancellationToken);
            terminal.Say($"{name} runs again.");
            return true;
        }
        catch (Exception e) when (e is InvalidOperationException or TimeoutException)
        {
            terminal.Say($"{name} could not be started again: {e.Message} It is tried again in {wait.TotalSeconds:0} s.");
            return false;
        }
    }
}
