using Azure.Core;
using Microsoft.Extensions.Logging;
using TByte.Functions.Postgres;
using TByte.Functions.Redis;

namespace TByte.Functions.Identity;

/// <summary>How this app signs in to its servers: as connection strings say, or, where they hold no password, with its managed identity.</summary>
public sealed class AppIdentity : IDisposable
{
    private const string PostgresScope = "https://ossrdbms-aad.database.windows.net/.default";
    private const string RedisScope = "https://redis.azure.com/.default";

    private readonly string _principalId;
    private readonly Lazy<TokenKeeper>? _postgres;
    private readonly Lazy<TokenKeeper>? _redis;

    /// <param name="credential">The identity; null when there is none.</param>
    /// <param name="principalId">Its user name in Redis.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">Told when no token can be had.</param>
    internal AppIdentity(TokenCredential credential, string principalId, TimeProvider time, ILogger<TokenKeeper> logger)
    {
        Credential = credential;
        _principalId = principalId;
        _postgres = new Lazy<TokenKeeper>(() => new TokenKeeper(credential, PostgresScope, time, logger));
        _redis = new Lazy<TokenKeeper>(() => new TokenKeeper(credential, RedisScope, time, logger));
    }

    private AppIdentity() => _principalId = "";

    /// <summary>None: connection strings say everything.</summary>
    public static AppIdentity None { get; } = new();

    /// <summary>The identity, for clients of Azure that take one; null when there is none.</summary>
    public TokenCredential? Credential { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (Lazy<TokenKeeper>? keeper in new[] { _postgres, _redis })
        {
            if (keeper is { IsValueCreated: true })
                keeper.Value.Dispose();
        }
    }

    internal ServerLogin ToPostgres(string connectionString) => new(connectionString, ServerLogin.HasPassword(connectionString) ? null : _postgres?.Value);

    internal RedisLogin ToRedis(string connection) => new(_principalId, RedisLogin.HasPassword(connection) ? null : _redis?.Value);
}
