using System;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging.Abstractions;
using TByte.Functions.LocalHost.Data;
using TByte.Functions.Postgres;

namespace TByte.Functions.LocalHost.Supervision;

/// <summary>Brings a database to where the apps can use it: the schema up to date, and data in it.</summary>
internal static class Shop
{
    public static async Task MigrateAsync(string postgres, Terminal terminal, CancellationToken cancellationToken)
    {
        int scripts = await DatabaseMigrator.MigrateAsync(postgres, NullLogger.Instance, cancellationToken);
        if (scripts > 0)
            terminal.Say($"Ran {scripts} migration(s).");
    }

    /// <summary>Seeds a database that is empty, all or nothing; one that is not is left alone.</summary>
    public static async Task SeedAsync(string postgres, SeedOptions options, Terminal terminal, CancellationToken cancellationToken)
    {
        SeedReport report = await new Seeder().SeedAsync(postgres, options, new Progress(terminal), cancellationToken);
        if (report.Outcome != SeedOutcome.AlreadySeeded)
            terminal.Say(report.ToString());
    }

    /// <summary>Twice a second is enough for people.</summary>
    private sealed class Progress(Terminal terminal) : IProgress<SeedProgress>
    {
        private const int IntervalMs = 500;

        private long _next;

        public void Report(SeedProgress value)
        {
            long now = Environment.TickCount64;
            if (now < Interlocked.Read(ref _next))
                return;
            Interlocked.Exchange(ref _next, now + IntervalMs);
            terminal.Say($"Seeding: {value.Step} {(value.Done > 0 ? $"{value.Done:N0}" : "")}".TrimEnd());
        }
    }
}
