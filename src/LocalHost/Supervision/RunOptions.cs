using System.IO;

namespace TByte.Functions.LocalHost.Supervision;

/// <summary>What <c>run</c> is asked to start.</summary>
internal sealed record RunOptions
{
    private const int MaxInstances = 50;
    private const int MaxReplicas = 5;

    /// <summary>The first Api's port; further ones follow, Warmup is 100 above it and Maintenance 200.</summary>
    public int Port { get; init; } = 7071;

    public int Instances { get; init; } = 1;

    public int Replicas { get; init; }

    /// <summary>A shop's sales to seed with; null seeds generated data.</summary>
    public string? DataFile { get; init; }

    /// <summary>A server of one's own; null starts one.</summary>
    public string? Postgres { get; init; }

    /// <summary>A Redis of one's own; null starts one.</summary>
    public string? Redis { get; init; }

    public required string StateDirectory { get; init; }

    public int WarmupPort => Port + 100;

    public int MaintenancePort => Port + 200;

    public void Validate()
    {
        Require(Port is >= 1 and <= 65_335, "--port must be from 1 to 65335.");
        Require(Instances is >= 1 and <= MaxInstances, $"--instances must be from 1 to {MaxInstances}.");
        Require(Replicas is >= 0 and <= MaxReplicas, $"--replicas must be from 0 to {MaxReplicas}.");
        Require(DataFile is null || File.Exists(DataFile), $"--data: there is no file '{DataFile}'.");
        Require(Replicas == 0 || Postgres is null, "--replicas needs a PostgreSQL that is started here, so it does not go with --postgres.");
    }

    private static void Require(bool sound, string message)
    {
        if (!sound)
            throw new UsageException(message);
    }
}
