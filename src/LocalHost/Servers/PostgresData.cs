using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

namespace TByte.Functions.LocalHost.Servers;

/// <summary>A server's data directory: made by initdb or copied from another, never half there.</summary>
internal sealed class PostgresData(PostgresHome home, string directory)
{
    private const string StandbySignal = "standby.signal";

    public string Directory => directory;

    public bool Exists => File.Exists(Path.Combine(directory, "PG_VERSION"));

    /// <summary>False after a crash: then it must be recovered before it can be copied.</summary>
    public bool WasShutDown => !File.Exists(PidFile);

    public string PidFile => Path.Combine(directory, "postmaster.pid");

    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="hasBuiltinLocale">Whether the programs know locales of their own, as they do since version 17.</param>
    public async Task InitializeAsync(CancellationToken cancellationToken, bool hasBuiltinLocale = true)
    {
        string half = directory + ".half";
        DirectoryCopy.Delete(half);
        System.IO.Directory.CreateDirectory(half);
        home.User?.Own(half);

        // Without a sync a power failure in the first seconds would cost only what can be made again.
        await RunAsync(
            PostgresBinaries.Program(home.Binaries, "initdb"),
            ["-D", half, "-U", "postgres", "-E", "UTF8", "--locale=C",
                .. hasBuiltinLocale ? ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"] : Array.Empty<string>(),
                "--auth=scram-sha-256", "--pwfile", home.PasswordFile, "--no-instructions", "--no-sync"],
            cancellationToken);
        System.IO.Directory.Move(half, directory);
    }

    /// <summary>Becomes a copy of a server that is not running.</summary>
    public void CopyFrom(PostgresData source, bool asStandby) => DirectoryCopy.Make(source.Directory, directory, home.User, half =>
    {
        File.Delete(Path.Combine(half, "postmaster.pid"));
        if (asStandby)
            File.WriteAllText(Path.Combine(half, StandbySignal), "");
    });

    /// <summary>Replaces postgresql.conf: what the server runs with is what the code says, on every start.</summary>
    public void Configure(IReadOnlyDictionary<string, string> settings)
    {
        IEnumerable<string> lines = settings.Select(setting => $"{setting.Key} = '{setting.Value.Replace("'", "''", StringComparison.Ordinal)}'");
        File.WriteAllLines(Path.Combine(directory, "postgresql.conf"), lines);
        home.User?.Own(directory);
    }

    /// <summary>Ends a server that was left on this directory, and removes a lock whose process id now belongs to somebody else.</summary>
    public async Task EndLeftoverAsync(CancellationToken cancellationToken)
    {
        if (WasShutDown || ReadProcessId() is not { } id)
            return;

        try
        {
            using var process = Process.GetProcessById(id);
            if (process.ProcessName.StartsWith("postgres", StringComparison.Ordinal))
            {
                foreach (UnixSignal signal in (UnixSignal[])[UnixSignal.Interrupt, UnixSignal.Quit, UnixSignal.Kill])
                {
                    ProcessTree.Send(id, UnixSignal.Continue);
                    Unix.Send(id, signal);
                    if (await HasExitedAsync(process, cancellationToken))
                        return;
                }
            }
            File.Delete(PidFile);
        }
        catch (ArgumentException)
        {
            // No such process: PostgreSQL itself sees that its lock is stale.
        }
    }

    /// <summary>Whether the server has written that it takes connections.</summary>
    public bool IsReady(int processId)
    {
        try
        {
            string[] lines = File.ReadAllLines(PidFile);
            return lines.Length >= 8 && lines[0] == processId.ToString(CultureInfo.InvariantCulture) && lines[7].Trim() is "ready";
        }
        catch (IOException)
        {
            return false;
        }
    }

    private int? ReadProcessId() =>
        int.TryParse(File.ReadLines(PidFile).FirstOrDefault(), CultureInfo.InvariantCulture, out int id) && id > 1 ? id : null;

    private static async Task<bool> HasExitedAsync(Process process, CancellationToken cancellationToken)
    {
        try
        {
            await process.WaitForExitAsync(cancellationToken).WaitAsync(TimeSpan.FromSeconds(10), cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private async Task RunAsync(string program, IReadOnlyList<string> arguments, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = home.Directory,
        };
        if (home.User is not null)
            start.UserName = home.User.Name;

        using Process process = Process.Start(start)!;
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
            string errors = await process.StandardError.ReadToEndAsync(cancellationToken);
            await process.WaitForExitAsync(cancellationToken);
            if (process.ExitCode != 0)
                throw new InvalidOperationException($"{program} failed with code {process.ExitCode}: {errors.Trim()} {(await output).Trim()}");
        }
        catch (OperationCanceledException)
        {
            process.Kill();
            throw;
        }
    }
}
