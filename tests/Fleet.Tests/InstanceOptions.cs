namespace TByte.Functions.Fleet.Tests;

/// <summary>What one instance has of its own.</summary>
internal sealed record InstanceOptions
{
    /// <summary>Win over those of the fleet: another way to a server, for example.</summary>
    public IReadOnlyList<(string Key, object Value)> Settings { get; init; } = [];

    /// <summary>The clock it goes by; not for a process of its own.</summary>
    public TimeProvider? Time { get; init; }

    /// <summary>Runs it in a process of its own, which can be killed, stopped and continued.</summary>
    public bool OwnProcess { get; init; }
}
