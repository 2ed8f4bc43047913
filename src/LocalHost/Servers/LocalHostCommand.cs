using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Runtime.InteropServices;

namespace TByte.Functions.LocalHost.Servers;

/// <summary>How to run this assembly again as another process, also from a test that only references it.</summary>
internal static class LocalHostCommand
{
    public static ProcessStartInfo Create(IEnumerable<string> arguments) => new(Dotnet(), [Assembly, .. arguments]);

    public static string Assembly => typeof(LocalHostCommand).Assembly.Location;

    // .../shared/Microsoft.NETCore.App/10.0.x/ lies three levels below the dotnet that runs this.
    public static string Dotnet()
    {
        string name = System.OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet";
        string beside = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", name));
        return File.Exists(beside) ? beside : name;
    }
}
