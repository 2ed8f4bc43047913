using System.Text;

namespace TByte.Functions.Load;

/// <summary>What came of a run of requests.</summary>
/// <param name="Answered">Complete answers with status 200.</param>
/// <param name="Marked">Those of them that hold what was looked for in their head.</param>
internal readonly record struct LoadCount(int Answered, int Marked);

/// <summary>A fixed number of connections, each of which sends its next request when the answer to the last one has come.</summary>
internal sealed class ClosedLoop : IDisposable
{
    private readonly RawConnection[] _connections;
    private readonly byte[][] _requests;
    private readonly byte[] _mark;

    private ClosedLoop(RawConnection[] connections, byte[][] requests, string mark)
    {
        _connections = connections;
        _requests = requests;
        _mark = Encoding.ASCII.GetBytes(mark);
    }

    /// <param name="server">Where to send them.</param>
    /// <param name="paths">Asked for in turn, from the first on in every run.</param>
    /// <param name="authorization">The field's value; null to send none.</param>
    /// <param name="mark">What to look for in the head of each answer; empty to look for nothing.</param>
    /// <param name="connections">How many requests are under way at a time.</param>
    /// <param name="cancellationToken">Ends connecting.</param>
    public static async Task<ClosedLoop> ConnectAsync(
        Uri server, IReadOnlyList<string> paths, string? authorization, string mark, int connections, CancellationToken cancellationToken)
    {
        string rest = $" HTTP/1.1\r\nHost: {server.Authority}\r\n{(authorization is null ? "" : $"Authorization: {authorization}\r\n")}\r\n";
        byte[][] requests = [.. paths.Select(path => Encoding.ASCII.GetBytes($"GET {path}{rest}"))];
        RawConnection[] open = new RawConnection[connections];
        for (int i = 0; i < open.Length; i++)
            open[i] = await RawConnection.OpenAsync(server, cancellationToken);
        return new ClosedLoop(open, requests, mark);
    }

    /// <summary>One exchange for the first path; its body.</summary>
    public async Task<byte[]> ReadOnceAsync(CancellationToken cancellationToken)
    {
        RawAnswer answer = await _connections[0].ExchangeAsync(_requests[0], cancellationToken);
        return answer.Status == 200 ? answer.Body.ToArray() : throw new InvalidDataException($"The server answers {answer.Status}.");
    }

    public async Task<LoadCount> RunAsync(int requests, CancellationToken cancellationToken)
    {
        int next = -1;
        LoadCount[] counts = await Task.WhenAll(_connections.Select(connection => Task.Run(() => SendAsync(connection), cancellationToken)));
        return new LoadCount(counts.Sum(count => count.Answered), counts.Sum(count => count.Marked));

        async Task<LoadCount> SendAsync(RawConnection connection)
        {
            int answered = 0;
            int marked = 0;
            for (int i = Interlocked.Increment(ref next); i < requests; i = Interlocked.Increment(ref next))
            {
                RawAnswer answer = await connection.ExchangeAsync(_requests[i % _requests.Length], cancellationToken);
                if (answer.Status != 200)
                    continue;
                answered++;
                if (_mark.Length > 0 && answer.Head.Span.IndexOf(_mark) >= 0)
                    marked++;
            }

            return new LoadCount(answered, marked);
        }
    }

    public void Dispose()
    {
        foreach (RawConnection connection in _connections)
            connection.Dispose();
    }
}
