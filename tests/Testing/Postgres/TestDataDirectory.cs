using System.Diagnostics;
using System.Globalization;
using TByte.Functions.LocalHost.Servers;
using TByte.Functions.Testing.Postgres.Statements;

namespace TByte.Functions.Testing.Postgres;

/// <summary>Where the servers of one test keep their data; deleted with it, and by later tests if this process is killed.</summary>
internal sealed class TestDataDirectory : IDisposable
{
    private readonly string _path;

    private TestDataDirectory(PostgresHome home, PostgresData emptyServer, string path)
    {
        Home = home;
        EmptyServer = emptyServer;
        _path = path;
    }

    public PostgresHome Home { get; }

    /// <summary>What initdb makes, kept between runs.</summary>
    public PostgresData EmptyServer { get; }

    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="older">Where an older PostgreSQL than the project's lies; null for the project's.</param>
    public static async Task<TestDataDirectory> CreateAsync(CancellationToken cancellationToken, OlderPostgres? older = null)
    {
        PostgresHome home = await PostgresHome.PrepareAsync(Repository.Find(), Repository.State, cancellationToken);
        if (older is not null)
            home = home with { Binaries = older.Binaries };
        string tests = PostgresHome.CreatePassable(Path.Combine(home.Directory, "tests"));
        await using FileStream alone = await FileLock.TakeAsync(Path.Combine(tests, "lock"), TimeSpan.FromMinutes(2), cancellationToken);

        TidyUp(tests);
        var empty = new PostgresData(home, Path.Combine(tests, $"empty-{older?.Version ?? "18.4"}"));
        if (!empty.Exists)
            await empty.InitializeAsync(cancellationToken, hasBuiltinLocale: older is null);
        string name = string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}-{Guid.NewGuid():N}");
        return new TestDataDirectory(home, empty, PostgresHome.CreatePassable(Path.Combine(tests, name)));
    }

    /// <summary>A server of that name below this directory: fast, with nothing to lose.</summary>
    public PostgresServerOptions Options(string name, StatementLog? statements)
    {
        var options = new PostgresServerOptions(Home, Path.Combine(_path, name)) { Durable = false, MaxConnections = 500 };
        return statements?.Listen(options) ?? options;
    }

    public void Dispose() => DirectoryCopy.Delete(_path);

    private static void TidyUp(string tests)
    {
        foreach (string directory in Directory.GetDirectories(tests))
        {
            string owner = Path.GetFileName(directory).Split('-')[0];
            if (int.TryParse(owner, CultureInfo.InvariantCulture, out int id) && !IsRunning(id))
                DirectoryCopy.Delete(directory);
        }
    }

    private static bool IsRunning(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return true;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
