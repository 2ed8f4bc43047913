using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace TByte.Functions.LocalHost.Servers;

/// <summary>A lock between processes, which the system frees when its holder ends, however that happens.</summary>
internal static class FileLock
{
    /// <summary>Null if another process holds it.</summary>
    public static FileStream? TryTake(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        }
        catch (IOException) when (File.Exists(path))
        {
            return null;
        }
    }

    public static async Task<FileStream> TakeAsync(string path, TimeSpan limit, CancellationToken cancellationToken)
    {
        long deadline = Environment.TickCount64 + (long)limit.TotalMilliseconds;
        while (true)
        {
            if (TryTake(path) is { } taken)
                return taken;
            if (Environment.TickCount64 > deadline)
                throw new TimeoutException($"Another process holds '{path}' for more than {limit.TotalSeconds:0} s.");
            await Task.Delay(50, cancellationToken);
        }
    }
}
