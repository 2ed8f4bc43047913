using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using StackExchange.Redis;
using TByte.Functions.Diagnosis;
using TByte.Functions.LocalHost.Supervision;

namespace TByte.Functions.LocalHost.Diagnosing;

/// <summary>What <c>diagnose</c> is asked to look at, and how to tell.</summary>
internal sealed record DiagnoseOptions
{
    private const int LongestWatch = 3_600;

    /// <summary>The primary; null when nobody has said which.</summary>
    public required string? Postgres { get; init; }

    public IReadOnlyList<string> Replicas { get; init; } = [];

    public string? Redis { get; init; }

    /// <summary>How long counters are watched, in seconds; 0: they count since they were reset.</summary>
    public int Watch { get; init; } = 10;

    /// <summary>Whether the report is printed as JSON.</summary>
    public bool Json { get; init; }

    /// <summary>Where the page is written; null writes none.</summary>
    public string? HtmlFile { get; init; }

    /// <exception cref="UsageException">Something is not as it must be.</exception>
    public DiagnosisTarget Target()
    {
        if (Watch is < 0 or > LongestWatch)
            throw new UsageException($"--watch must be from 0 to {LongestWatch} seconds.");
        if (Postgres is null)
            throw new UsageException("--postgres is missing, and no shop of './dev run' runs here.");
        // Before minutes are spent on what could not be written.
        if (HtmlFile is not null && Path.GetDirectoryName(Path.GetFullPath(HtmlFile)) is { } directory && !Directory.Exists(directory))
            throw new UsageException($"--html: there is no directory '{directory}'.");

        return new DiagnosisTarget(
            PostgresAddress.Parse("--postgres", Postgres), [.. Replicas.Select(replica => PostgresAddress.Parse("--replica", replica))], RedisConnection());
    }

    private string? RedisConnection()
    {
        if (Redis is null)
            return null;
        try
        {
            return ConfigurationOptions.Parse(Redis).EndPoints.Count > 0 ? Redis : throw new UsageException("--redis names no server.");
        }
        catch (ArgumentException)
        {
            throw new UsageException("--redis is not a connection string: it must be 'host:6379,password=…', as StackExchange.Redis takes it.");
        }
    }
}
