using StackExchange.Redis;
using TByte.Functions.Identity;

namespace TByte.Functions.Redis;

/// <summary>How to get into Redis: as the connection string says and, where that has no password, with the tokens that stand for one.</summary>
internal sealed class RedisLogin(string user, TokenKeeper? tokens)
{
    /// <summary>The tokens to sign in with; null when the connection string says all.</summary>
    public TokenKeeper? Tokens => tokens;

    /// <summary>Whether a connection string holds all that is needed.</summary>
    public static bool HasPassword(string connection) => ConfigurationOptions.Parse(connection).Password is { Length: > 0 };

    /// <summary>
    /// Completes how connections are to be opened: with the token of this moment. It is read again at every reconnect, so that whoever
    /// replaces it there replaces it for all connections to come.
    /// </summary>
    /// <exception cref="TimeoutException">There is no token in time.</exception>
    public async Task SignInAsync(ConfigurationOptions configuration, TimeSpan most, CancellationToken cancellationToken)
    {
        if (tokens is null)
            return;

        if (string.IsNullOrEmpty(configuration.User))
            configuration.User = user;
        configuration.Password = await tokens.GetAsync(most, cancellationToken).ConfigureAwait(false);
        // A connection of its own for messages would be cut: no new token can be presented on it. Only version 3 can do without.
        configuration.Protocol = RedisProtocol.Resp3;
        configuration.SharedSubscriptionConnection = true;
    }
}
