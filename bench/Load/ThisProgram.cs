using System.Diagnostics;

namespace TByte.Functions.Load;

/// <summary>How to start this program once more.</summary>
internal static class ThisProgram
{
    public static ProcessStartInfo Command(params string[] arguments)
    {
        string program = Environment.ProcessPath!;
        return Path.GetFileNameWithoutExtension(program) == "dotnet"
            ? new ProcessStartInfo(program, [Environment.GetCommandLineArgs()[0], .. arguments])
            : new ProcessStartInfo(program, arguments);
    }
}
