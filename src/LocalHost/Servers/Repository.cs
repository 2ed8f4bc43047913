using System;
using System.IO;

namespace TByte.Functions.LocalHost.Servers;

/// <summary>The checkout this was built in.</summary>
internal static class Repository
{
    private const string Landmark = "TByte.Functions.sln";

    /// <summary>Where what is kept between runs lies.</summary>
    public static string State => Path.Combine(Find(), ".local");

    public static string Find() => Find(AppContext.BaseDirectory);

    public static string Find(string from)
    {
        for (DirectoryInfo? directory = new(from); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, Landmark)))
                return directory.FullName;
        }
        throw new InvalidOperationException($"{Landmark} is in no directory above '{from}'. Run this from a checkout of the repository.");
    }
}
