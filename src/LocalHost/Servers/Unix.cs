using System;
using System.Runtime.InteropServices;

namespace TByte.Functions.LocalHost.Servers;

internal enum UnixSignal
{
    Interrupt,
    Quit,
    Kill,
    Terminate,
    Continue,
    Stop,
}

/// <summary>What .NET has no call for: signals by process id, sessions and owners. On Windows they do nothing.</summary>
internal static partial class Unix
{
    /// <summary>Sends a signal; false if there is no such process.</summary>
    public static bool Send(int processId, UnixSignal signal) => !OperatingSystem.IsWindows() && Kill(processId, Number(signal)) == 0;

    /// <summary>Leaves the terminal's session, so that its Ctrl-C reaches only the process that decides what to stop.</summary>
    public static void LeaveTerminal()
    {
        // Fails only for the leader of a process group, which a child process is not.
        if (!OperatingSystem.IsWindows())
            _ = SetSession();
    }

    /// <summary>Hands a file or directory to a user; a symbolic link itself, not its target.</summary>
    public static void ChangeOwner(string path, UnprivilegedUser user)
    {
        if (LinkChangeOwner(path, user.UserId, user.GroupId) != 0)
            throw new InvalidOperationException($"'{path}' could not be given to the user {user.Name} (error {Marshal.GetLastPInvokeError()}).");
    }

    private static int Number(UnixSignal signal) => signal switch
    {
        UnixSignal.Interrupt => 2,
        UnixSignal.Quit => 3,
        UnixSignal.Kill => 9,
        UnixSignal.Terminate => 15,
        UnixSignal.Continue => OperatingSystem.IsMacOS() ? 19 : 18,
        UnixSignal.Stop => OperatingSystem.IsMacOS() ? 17 : 19,
        _ => throw new ArgumentOutOfRangeException(nameof(signal), signal, null),
    };

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Kill(int processId, int signal);

    [LibraryImport("libc", EntryPoint = "setsid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetSession();

    [LibraryImport("libc", EntryPoint = "lchown", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int LinkChangeOwner(string path, uint owner, uint group);
}
