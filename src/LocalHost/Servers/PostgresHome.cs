using System;
using System.IO;
using System.Security.Cryptography;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace TByte.Functions.LocalHost.Servers;

/// <summary>
/// Where PostgreSQL's programs and data lie for one checkout: in the checkout itself, unless we are root and the user that PostgreSQL is
/// run as cannot reach it there. Then they lie below /var/tmp, and the state directory links to them.
/// </summary>
internal sealed record PostgresHome(string Binaries, string Directory, UnprivilegedUser? User)
{
    private const UnixFileMode Passable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute
        | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    public string PasswordFile => Path.Combine(Directory, "password");

    /// <summary>
    /// Prepares the home below a state directory, usually the checkout's .local. A password is generated and kept beside the data, rather than trusting whoever connects: on a
    /// machine that is shared, 127.0.0.1 is open to everyone on it.
    /// </summary>
    public static async Task<PostgresHome> PrepareAsync(string repository, string state, CancellationToken cancellationToken)
    {
        string binaries = PostgresBinaries.Find(repository);
        var user = UnprivilegedUser.IfRoot();
        CreatePassable(state);
        await using FileStream alone = await FileLock.TakeAsync(Path.Combine(state, "postgres.lock"), TimeSpan.FromMinutes(1), cancellationToken);

        string directory = CreatePassable(Path.Combine(state, "postgres"));
        if (user is not null && !(user.CanPass(directory) && user.CanRun(PostgresBinaries.Program(binaries, "postgres"))))
        {
            directory = Elsewhere(link: directory);
            binaries = CopyBinaries(binaries, directory);
        }

        var home = new PostgresHome(binaries, directory, user);
        home.CreatePassword();
        return home;
    }

    public string ReadPassword() => File.ReadAllText(PasswordFile);

    private void CreatePassword()
    {
        if (File.Exists(PasswordFile))
            return;

        string half = PasswordFile + ".new";
        File.Delete(half);
        File.WriteAllText(half, "");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(half, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.WriteAllText(half, RandomNumberGenerator.GetHexString(32, lowercase: true));
        // initdb reads it as that user.
        if (User is not null)
            Unix.ChangeOwner(half, User);
        File.Move(half, PasswordFile);
    }

    private static string Elsewhere(string link)
    {
        string name = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(link)))[..16];
        string directory = $"/var/tmp/tbyte-functions-{name}";
        if (new FileInfo(link).LinkTarget == directory && System.IO.Directory.Exists(directory))
            return directory;

        // What lies there now belongs to a checkout that is gone, or was put there by somebody else.
        if (System.IO.Directory.Exists(directory))
            System.IO.Directory.Delete(directory, recursive: true);
        if (new FileInfo(link).LinkTarget is null)
            System.IO.Directory.Delete(link, recursive: true);
        else
            File.Delete(link);
        CreatePassable(directory);
        File.CreateSymbolicLink(link, directory);
        return directory;
    }

    private static string CopyBinaries(string binaries, string directory)
    {
        string stamp = File.GetLastWriteTimeUtc(PostgresBinaries.Program(binaries, "postgres")).Ticks.ToString("x", null);
        string copy = Path.Combine(directory, "programs-" + stamp);
        if (!System.IO.Directory.Exists(copy))
            DirectoryCopy.Make(binaries, copy, user: null);
        return copy;
    }

    /// <summary>Creates a directory that every user may pass through, but not list.</summary>
    public static string CreatePassable(string directory)
    {
        System.IO.Directory.CreateDirectory(directory);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(directory, File.GetUnixFileMode(directory) | Passable);
        return directory;
    }
}
