using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Security.Cryptography;
using TByte.Functions.LocalHost.Servers;

namespace TByte.Functions.LocalHost.Supervision;

/// <summary>What is kept between runs besides the data: the signing key of the tokens, and the ports of the servers.</summary>
internal sealed class LocalState(string directory)
{
    private const int KeyBytes = 32;

    public string Directory { get; } = PostgresHome.CreatePassable(directory);

    private string PortsFile => Path.Combine(Directory, "ports");

    /// <summary>Held while a supervisor runs; null if another one does.</summary>
    public FileStream? TryLock() => FileLock.TryTake(Path.Combine(Directory, "run.lock"));

    /// <summary>The same port as last time, unless somebody has taken it meanwhile.</summary>
    public int PortOf(string server)
    {
        Dictionary<string, int> ports = ReadPorts();
        if (ports.TryGetValue(server, out int port) && LocalPorts.IsFree(port))
            return port;

        ports[server] = LocalPorts.FindFree();
        File.WriteAllLines(PortsFile, ports.Select(entry => string.Create(CultureInfo.InvariantCulture, $"{entry.Key} {entry.Value}")));
        return ports[server];
    }

    public LocalTokens Tokens()
    {
        const string Name = "signing-key";
        if (ReadKey(Path.Combine(Directory, Name)) is not { } key)
        {
            key = RandomNumberGenerator.GetBytes(KeyBytes);
            WritePrivate(Name, key);
        }
        return new LocalTokens(key, TimeProvider.System);
    }

    /// <summary>Writes a file whole, or not at all, that only this user can read.</summary>
    public void WritePrivate(string name, byte[] contents)
    {
        string file = Path.Combine(Directory, name);
        string half = file + ".new";
        File.Delete(half);
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        using (var stream = new FileStream(half, options))
            stream.Write(contents);
        File.Move(half, file, overwrite: true);
    }

    private static byte[]? ReadKey(string file) =>
        File.Exists(file) && File.ReadAllBytes(file) is { Length: KeyBytes } key ? key : null;

    private Dictionary<string, int> ReadPorts()
    {
        var ports = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (string line in File.Exists(PortsFile) ? File.ReadLines(PortsFile) : [])
        {
            if (line.Split(' ') is [var server, var number] && int.TryParse(number, CultureInfo.InvariantCulture, out int port))
                ports[server] = port;
        }
        return ports;
    }
}
