using System;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;

namespace TByte.Functions.LocalHost.Servers;

/// <summary>The user PostgreSQL runs as when the project is run by root, which PostgreSQL refuses to be run by.</summary>
internal sealed record UnprivilegedUser(string Name, uint UserId, uint GroupId)
{
    private static readonly string[] Candidates = ["postgres", "nobody"];

    /// <summary>Null unless this process is root: then PostgreSQL runs as whoever runs this.</summary>
    public static UnprivilegedUser? IfRoot()
    {
        if (OperatingSystem.IsWindows() || !Environment.IsPrivilegedProcess)
            return null;

        string[][] users = [.. File.ReadLines("/etc/passwd").Select(line => line.Split(':')).Where(fields => fields.Length >= 4)];
        string[] user = Candidates.Select(name => Array.Find(users, fields => fields[0] == name)).FirstOrDefault(found => found is not null)
            ?? throw new InvalidOperationException(
                $"PostgreSQL cannot be run by root, and none of the users {string.Join(", ", Candidates)} exists. Run this as another user.");
        return new UnprivilegedUser(user[0], Id(user[2]), Id(user[3]));
    }

    /// <summary>Hands over a directory with everything in it.</summary>
    public void Own(string directory)
    {
        Unix.ChangeOwner(directory, this);
        var everything = new EnumerationOptions { RecurseSubdirectories = true, AttributesToSkip = 0, IgnoreInaccessible = false };
        foreach (string path in Directory.EnumerateFileSystemEntries(directory, "*", everything))
            Unix.ChangeOwner(path, this);
    }

    /// <summary>Whether the user may pass through a directory and all above it.</summary>
    public bool CanPass(string directory) => Test("-x", directory);

    public bool CanRun(string program) => Test("-r", program) && Test("-x", program);

    // Asking as that user is the only answer that counts everything: modes, groups, access lists, links and mounts.
    private bool Test(string question, string path)
    {
        using Process test = Process.Start(new ProcessStartInfo("test", [question, path]) { UserName = Name, WorkingDirectory = "/" })!;
        test.WaitForExit();
        return test.ExitCode == 0;
    }

    private static uint Id(string field) => uint.Parse(field, CultureInfo.InvariantCulture);
}
