using System.Net;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;
using TByte.Functions.Identity;

namespace TByte.Functions.Redis;

/// <summary>
/// Presents each new token on the connections to every server of Redis, which cuts those whose last token has expired; where that fails,
/// again and again until the next token is there.
/// </summary>
internal sealed class TokenRenewal(ConfigurationOptions configuration, TokenKeeper tokens, TimeProvider time, ILogger logger)
{
    // Servers may come at any time, and a connection may have been begun with the token before.
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Goes on until it is told to stop.</summary>
    public async Task RunAsync(IConnectionMultiplexer connection, CancellationToken stoppingToken)
    {
        while (true)
        {
            Task renewed = tokens.Renewed;
            if (tokens.Current is { } token)
            {
                configuration.Password = token;
                await PresentAsync(connection, token, renewed, stoppingToken).ConfigureAwait(false);
            }

            await renewed.WaitAsync(stoppingToken).ConfigureAwait(false);
        }
    }

    private async Task PresentAsync(IConnectionMultiplexer connection, string token, Task renewed, CancellationToken stoppingToken)
    {
        HashSet<EndPoint> done = [];
        HashSet<EndPoint> told = [];
        while (!renewed.IsCompleted)
        {
            IServer[] servers = [.. connection.GetServers().Where(server => server.IsConnected && !done.Contains(server.EndPoint))];
            bool[] accepted = await Task.WhenAll(servers.Select(server => IsAcceptedAsync(server, token, told.Add(server.EndPoint)))).ConfigureAwait(false);
            done.UnionWith(servers.Where((_, i) => accepted[i]).Select(static server => server.EndPoint));
            await Task.WhenAny(renewed, Task.Delay(Interval, time, stoppingToken)).ConfigureAwait(false);
            stoppingToken.ThrowIfCancellationRequested();
        }
    }

    private async Task<bool> IsAcceptedAsync(IServer server, string token, bool isFirst)
    {
        try
        {
            await server.ExecuteAsync("AUTH", configuration.User!, token).ConfigureAwait(false);
            return true;
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException or ObjectDisposedException)
        {
            if (isFirst)
            {
                // What the client says of its own may hold a part of the command.
                logger.LogWarning(
                    "Redis at {Server} has not taken a new token ({Error}); it is presented again",
                    server.EndPoint, failure is RedisServerException refusal ? refusal.Message : failure.GetType().Name);
            }

            return false;
        }
    }
}
