using TByte.Functions.Configuration;

namespace TByte.Functions.Identity;

/// <summary>
/// Section <c>Identity</c>: the user-assigned managed identity that signs in to PostgreSQL, Redis and Blob Storage, where a connection
/// string has no password.
/// </summary>
public sealed record IdentityOptions : IValidatedOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Identity";

    /// <summary>The identity's client id, a GUID. Empty: connection strings say everything.</summary>
    public string ClientId { get; init; } = "";

    /// <summary>The identity's object id, a GUID, which is its user name in Redis. Needed where Redis' connection string names no user.</summary>
    public string PrincipalId { get; init; } = "";

    /// <summary>Whether there is an identity to sign in with.</summary>
    public bool IsSet => ClientId.Length > 0;

    /// <inheritdoc/>
    public IEnumerable<string> Problems() => [.. GuidProblems("Identity:ClientId", ClientId), .. GuidProblems("Identity:PrincipalId", PrincipalId)];

    // Does not repeat the value: what was put here by mistake may be a secret.
    private static IEnumerable<string> GuidProblems(string setting, string value) =>
        value.Length == 0 || Guid.TryParseExact(value, "D", out _) ? [] : [$"{setting} must be a GUID."];
}
