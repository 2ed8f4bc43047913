using TByte.Functions.Identity;

namespace TByte.Functions.Diagnosis;

/// <summary>What is to be diagnosed.</summary>
/// <param name="Primary">Npgsql connection string of the primary.</param>
/// <param name="Replicas">Of its replicas.</param>
/// <param name="Redis">StackExchange.Redis connection string; null when there is none.</param>
/// <param name="StorageBytes">Size of the primary's storage, which the server does not tell; null when it is not known.</param>
public sealed record DiagnosisTarget(string Primary, IReadOnlyList<string> Replicas, string? Redis, long? StorageBytes = null)
{
    /// <summary>Signs in where a connection string has no password.</summary>
    public AppIdentity Identity { get; init; } = AppIdentity.None;
}
