using System.Net;
using System.Net.Http.Headers;

namespace TByte.Functions.IncidentReplay.Target;

/// <summary>Reads from the target as a client would, over connections that are kept open. It follows no redirect, keeps no cookie and uses no proxy.</summary>
internal sealed class TargetClient : IDisposable
{
    private const int LongestBody = 4 * 1024 * 1024;

    // Load balancers spread connections, not requests: instances that were added later get some too.
    private static readonly TimeSpan ConnectionLife = TimeSpan.FromMinutes(2);

    private readonly HttpClient _http;
    private readonly AuthenticationHeaderValue? _authorization;
    private readonly TimeSpan _timeout;

    public TargetClient(Uri origin, LoadOptions options)
    {
        _timeout = options.Timeout;
        _authorization = options.Token is null ? null : new AuthenticationHeaderValue("Bearer", options.Token);
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            ConnectTimeout = options.Timeout,
            MaxConnectionsPerServer = options.MostUnderWay,
            PooledConnectionLifetime = ConnectionLife,
            UseCookies = false,
            // What a proxy adds is not the target's, and a proxy would see a token that is meant for this machine.
            UseProxy = false,
        })
        {
            BaseAddress = origin,
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
        using HttpRequestMessage message = new(HttpMethod.Get, request.Path);
        message.Headers.Authorization = request.NeedsToken ? _authorization : null;
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_timeout);
        try
        {
            using HttpResponseMessage response = await _http.SendAsync(message, completion, patience.Token);
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
