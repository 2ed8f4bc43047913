using System.Net;
using Microsoft.Extensions.Options;
using Npgsql;
using StackExchange.Redis;
using TByte.Functions.Postgres;
using TByte.Functions.Redis;

namespace TByte.Functions.Identity;

/// <summary>
/// Refuses settings by which a token would be sent to a server that has not proved who it is, or that others could read on its way. What
/// stays on this machine may go unencrypted.
/// </summary>
internal sealed class TokenTransport(IOptions<IdentityOptions> identity) : IValidateOptions<PostgresOptions>, IValidateOptions<RedisOptions>
{
    public ValidateOptionsResult Validate(string? name, PostgresOptions options) => Result(
    [
        .. PostgresProblems("Postgres:Primary", options.Primary),
        .. options.Replicas.SelectMany((replica, i) => PostgresProblems($"Postgres:Replicas:{i}", replica)),
    ]);

    public ValidateOptionsResult Validate(string? name, RedisOptions options) => Result([.. RedisProblems(options)]);

    private static ValidateOptionsResult Result(string[] problems) =>
        problems.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);

    private IEnumerable<string> PostgresProblems(string setting, string connectionString)
    {
        // One that cannot be read is somebody else's to refuse.
        if (!identity.Value.IsSet || !PostgresOptions.IsConnection(connectionString) || ServerLogin.HasPassword(connectionString))
            yield break;

        NpgsqlConnectionStringBuilder connection = new(connectionString);
        if (connection.SslMode is not (SslMode.VerifyFull or SslMode.VerifyCA) && !Array.TrueForAll(connection.Host!.Split(','), IsLoopback))
            yield return $"{setting} must have SSL Mode=VerifyFull, because Identity:ClientId is set and it has no password: a token would go over it.";
    }

    private IEnumerable<string> RedisProblems(RedisOptions options)
    {
        if (!identity.Value.IsSet || !RedisOptions.IsConnection(options.Connection) || RedisLogin.HasPassword(options.Connection))
            yield break;

        ConfigurationOptions configuration = ConfigurationOptions.Parse(options.Connection);
        if (!configuration.Ssl && !configuration.EndPoints.All(IsLoopback))
            yield return "Redis:Connection must have ssl=true, because Identity:ClientId is set and it has no password: a token would go over it.";
        if (string.IsNullOrEmpty(configuration.User) && identity.Value.PrincipalId.Length == 0)
            yield return "Identity:PrincipalId is empty; it must be the identity's object id, because Redis:Connection names neither user nor password.";
    }

    // A socket's path, or a host and perhaps its port.
    private static bool IsLoopback(string host) => host.Trim() is var trimmed
        && (trimmed.StartsWith('/') || (IPEndPoint.TryParse(trimmed, out IPEndPoint? address) ? IPAddress.IsLoopback(address.Address) : IsLocal(trimmed.Split(':')[0])));

    private static bool IsLoopback(EndPoint server) => server switch
    {
        IPEndPoint address => IPAddress.IsLoopback(address.Address),
        DnsEndPoint name => IsLocal(name.Host),
        _ => true,
    };

    private static bool IsLocal(string host) => host.Equals("localhost", StringComparison.OrdinalIgnoreCase);
}
