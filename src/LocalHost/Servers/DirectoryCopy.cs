using System;
using System.IO;

namespace TByte.Functions.LocalHost.Servers;

/// <summary>A copy of a directory that is either there in full or not at all.</summary>
internal static class DirectoryCopy
{
    /// <summary>Replaces the target. Symbolic links stay links.</summary>
    public static void Make(string source, string target, UnprivilegedUser? user, Action<string>? complete = null)
    {
        string half = target + ".half";
        Delete(half);
        Copy(new DirectoryInfo(source), half);
        complete?.Invoke(half);
        user?.Own(half);
        Delete(target);
        Directory.Move(half, target);
    }

    public static void Delete(string directory)
    {
        if (Directory.Exists(directory))
            Directory.Delete(directory, recursive: true);
    }

    private static void Copy(DirectoryInfo source, string target)
    {
        Directory.CreateDirectory(target);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(target, source.UnixFileMode);

        foreach (FileSystemInfo entry in source.EnumerateFileSystemInfos())
        {
            string copy = Path.Combine(target, entry.Name);
            if (entry.LinkTarget is { } link)
                File.CreateSymbolicLink(copy, link);
            else if (entry is DirectoryInfo directory)
                Copy(directory, copy);
            else
                ((FileInfo)entry).CopyTo(copy);
        }
    }
}
