using System.Reflection;

namespace TByte.Functions.Redis;

/// <summary>Reads a script that is embedded beside the code that runs it.</summary>
internal static class EmbeddedScript
{
    public static string Load(string resource)
    {
        Assembly assembly = typeof(EmbeddedScript).Assembly;
        using Stream stream = assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"The script {resource} is not embedded.");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
