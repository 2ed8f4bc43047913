using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using TByte.Functions.IncidentReplay.Traffic;

namespace TByte.Functions.IncidentReplay.Target;

/// <summary>Reads from the target as a client would, over connections that are kept open. It follows no redirect, keeps no cookie and uses no proxy.</summary>
internal sealed class TargetClient : IDisposable
{
    /// <summary>To all origins together. A request beyond waits for one that is free, and its latency holds the wait: a target that does not answer costs bounded sockets.</summary>
    public const int MostConnections = 4_000;

    private const int LongestBody = 4 * 1024 * 1024;

    // Load balancers spread connections, not requests: instances that were added later get some too.
    private static readonly TimeSpan ConnectionLife = TimeSpan.FromMinutes(2);

    private readonly HttpClient _http;
    private readonly Balancer _balancer;
    private readonly AuthenticationHeaderValue? _authorization;
    private readonly Func<long, string>? _tokenOf;
    private readonly ConcurrentDictionary<long, AuthenticationHeaderValue> _tokens = [];
    private readonly TimeSpan _timeout;

    /// <param name="origins">The instances; one when something in front of them spreads the load.</param>
    /// <param name="options">The token, when a client gives up, and how much may be under way.</param>
    /// <param name="tokenOf">Makes tokens for visitors who are signed in.</param>
    public TargetClient(IReadOnlyList<Uri> origins, LoadOptions options, Func<long, string>? tokenOf = null)
    {
        _balancer = new Balancer(origins, TimeProvider.System);
        _tokenOf = tokenOf;
        _timeout = options.Timeout;
        _authorization = options.Token is null ? null : new AuthenticationHeaderValue("Bearer", options.Token);
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ConnectTimeout = options.Timeout,
            MaxConnectionsPerServer = Math.Min(options.MostUnderWay, MostConnections / origins.Count),
            PooledConnectionLifetime = ConnectionLife,
            UseCookies = false,
            // What a proxy adds is not the target's, and a proxy would see a token that is meant for this machine.
            UseProxy = false,
        })
        {
            MaxResponseContentBufferSize = LongestBody,
            Timeout = System.Threading.Timeout.InfiniteTimeSpan,
        };
        _http.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("tbyte-incident", "1"));
    }

    /// <summary>Sends a request and reads its answer to the end.</summary>
    public Task<Answer> SendAsync(ShopRequest request, CancellationToken cancellationToken) =>
        TryAsync(request, HttpCompletionOption.ResponseHeadersRead, static (content, stop) => content.CopyToAsync(Stream.Null, stop), cancellationToken);

    /// <summary>Sends a request; the body of its answer, empty when no whole answer came.</summary>
    public async Task<(Answer Answer, byte[] Body)> ReadAsync(ShopRequest request, CancellationToken cancellationToken)
    {
        byte[] body = [];
        Answer answer = await TryAsync(
            request,
            HttpCompletionOption.ResponseContentRead,
            async (content, stop) => body = await content.ReadAsByteArrayAsync(stop),
            cancellationToken);
        return (answer, body);
    }

    public void Dispose() => _http.Dispose();

    private async Task<Answer> TryAsync(
        ShopRequest request, HttpCompletionOption completion, Func<HttpContent, CancellationToken, Task> read, CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_timeout);
        try
        {
            using HttpResponseMessage response = await SendAsync(request, completion, patience.Token);
            await read(response.Content, patience.Token);
            CacheOutcome cache = response.StatusCode == HttpStatusCode.OK && response.Headers.TryGetValues("Cache-Status", out IEnumerable<string>? lines)
                ? CacheStatus.Read(lines)
                : CacheOutcome.Unknown;
            return new Answer((int)response.StatusCode, null, cache);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new Answer(0, Answer.TimedOut, CacheOutcome.Unknown);
        }
        catch (HttpRequestException failure)
        {
            return new Answer(0, Words(failure.HttpRequestError), CacheOutcome.Unknown);
        }
        catch (IOException)
        {
            return new Answer(0, Words(HttpRequestError.ResponseEnded), CacheOutcome.Unknown);
        }
    }

    // As a load balancer does: a connection that is refused has done nothing yet, so the next instance is asked.
    private async Task<HttpResponseMessage> SendAsync(ShopRequest request, HttpCompletionOption completion, CancellationToken cancellationToken)
    {
        for (int attempt = 1; ; attempt++)
        {
            Uri origin = _balancer.Next();
            using HttpRequestMessage message = new(HttpMethod.Get, new Uri(origin, request.Path));
            message.Headers.Authorization = AuthorizationOf(request);
            if (request.Visitor is { } visitor)
                message.Headers.TryAddWithoutValidation("X-Forwarded-For", visitor.Address);
            try
            {
                return await _http.SendAsync(message, completion, cancellationToken);
            }
            catch (HttpRequestException refused) when (refused.HttpRequestError == HttpRequestError.ConnectionError && attempt < _balancer.Count)
            {
                _balancer.LeaveOut(origin);
            }
        }
    }

    private AuthenticationHeaderValue? AuthorizationOf(ShopRequest request)
    {
        if (!request.NeedsToken)
            return null;
        return request.Visitor?.User is { } user && _tokenOf is { } tokenOf
            ? _tokens.GetOrAdd(user, static (id, make) => new AuthenticationHeaderValue("Bearer", make(id)), tokenOf)
            : _authorization;
    }

    // Our own words: a message of the system may hold what the target has sent.
    private static string Words(HttpRequestError error) => error switch
    {
        HttpRequestError.NameResolutionError => "host not found",
        HttpRequestError.ConnectionError => "no connection",
        HttpRequestError.SecureConnectionError => "no TLS connection",
        HttpRequestError.InvalidResponse or HttpRequestError.HttpProtocolError => "answer is not HTTP",
        HttpRequestError.ConfigurationLimitExceeded => "answer too large",
        _ => "connection lost",
    };
}
