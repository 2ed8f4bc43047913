using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading;

namespace TByte.Functions.LocalHost.Servers;

/// <summary>
/// The small process between us and each server we start: it ends the server when its own standard input ends, which it also does when
/// we are killed. Servers know nothing of us, and a stopped (SIGSTOP) process could not end itself.
/// </summary>
internal static class Keeper
{
    /// <summary>The line on standard output that tells the server's process id.</summary>
    public const string Announcement = "keeper: started ";

    /// <summary>The line on standard input that asks for an end at once.</summary>
    public const string KillRequest = "kill";

    // Stays on the thread that started the server: Linux binds the server's life to it (see Guarded).
    public static int Run(IReadOnlyList<string> arguments)
    {
        KeeperOrders orders = KeeperOrders.Parse(arguments);
        Unix.LeaveTerminal();

        using Process server = Start(orders);
        Console.WriteLine(Announcement + server.Id);

        using var stopping = new ManualResetEventSlim();
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            stopping.Set();
        });
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, context => context.Cancel = true);
        using PosixSignalRegistration hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context => context.Cancel = true);

        InBackground(() => ListenToParent(server, stopping));
        InBackground(() =>
        {
            stopping.Wait();
            Stop(server, orders);
        });
        server.WaitForExit();
        return server.ExitCode;
    }

    private static void ListenToParent(Process server, ManualResetEventSlim stopping)
    {
        while (Console.In.ReadLine() is { } line)
        {
            if (line == KillRequest)
                Kill(server);
        }
        stopping.Set();
    }

    // .NET stops each process of the tree before it kills it, and has left PostgreSQL's workers behind, stopped for good.
    private static void Kill(Process server)
    {
        if (OperatingSystem.IsWindows())
            server.Kill(entireProcessTree: true);
        else
            ProcessTree.Send(server.Id, UnixSignal.Kill);
    }

    private static void Stop(Process server, KeeperOrders orders)
    {
        if (OperatingSystem.IsWindows())
        {
            Kill(server);
            return;
        }

        foreach (UnixSignal signal in orders.StopWith)
        {
            ProcessTree.Send(server.Id, UnixSignal.Continue);
            Unix.Send(server.Id, signal);
            if (server.WaitForExit(orders.Patience))
                return;
        }
    }

    private static Process Start(KeeperOrders orders)
    {
        (string command, IReadOnlyList<string> arguments) = Guarded(orders.Command, orders.Arguments);
        var start = new ProcessStartInfo(command, arguments) { RedirectStandardInput = true };
        if (orders.User is not null)
            start.UserName = orders.User;

        Process server = Process.Start(start)!;
        server.StandardInput.Close();
        return server;
    }

    /// <summary>Where Linux can, it ends the server if even the keeper is killed.</summary>
    private static (string Command, IReadOnlyList<string> Arguments) Guarded(string command, IReadOnlyList<string> arguments)
    {
        var setpriv = new FileInfo("/usr/bin/setpriv");
        // BusyBox' (a link) does not know the option.
        return OperatingSystem.IsLinux() && setpriv is { Exists: true, LinkTarget: null }
            ? (setpriv.FullName, ["--pdeathsig", "KILL", command, .. arguments])
            : (command, arguments);
    }

    private static void InBackground(ThreadStart work) => new Thread(work) { IsBackground = true }.Start();
}
