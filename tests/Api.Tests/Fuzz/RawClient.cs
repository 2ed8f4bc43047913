using System.Globalization;
using System.Net.Sockets;
using System.Text;

namespace TByte.Functions.Api.Tests.Fuzz;

/// <summary>What came back: status, content type and body.</summary>
internal sealed record RawAnswer(int Status, string? ContentType, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);
}

/// <summary>Sends bytes over a connection, which is kept while the server keeps it, and reads answers strictly.</summary>
internal sealed class RawClient(Uri server) : IDisposable
{
    private TcpClient? _connection;
    private Stream _stream = Stream.Null;

    /// <exception cref="OperationCanceledException">No answer in time.</exception>
    public async Task<RawAnswer> SendAsync(RawRequest request, CancellationToken cancellationToken)
    {
        if (_connection is null)
        {
            _connection = new TcpClient { NoDelay = true };
            await _connection.ConnectAsync(server.Host, server.Port, cancellationToken);
            _stream = new BufferedStream(_connection.GetStream());
        }

        try
        {
            await _stream.WriteAsync(request.ToBytes(), cancellationToken);
            await _stream.FlushAsync(cancellationToken);
        }
        catch (IOException)
        {
            // The server may have answered before it has read everything.
        }

        return await ReadAnswerAsync(request.Method == "HEAD", cancellationToken);
    }

    public void Dispose() => Close();

    private async Task<RawAnswer> ReadAnswerAsync(bool isHead, CancellationToken cancellationToken)
    {
        string[] statusLine = (await ReadLineAsync(cancellationToken)).Split(' ', 3);
        Assert.Equal("HTTP/1.1", statusLine[0]);
        int status = int.Parse(statusLine[1], CultureInfo.InvariantCulture);
        Dictionary<string, string> headers = new(StringComparer.OrdinalIgnoreCase);
        while (await ReadLineAsync(cancellationToken) is { Length: > 0 } line)
            headers.Add(line[..line.IndexOf(':', StringComparison.Ordinal)],
                line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim());

        byte[] body = [];
        if (!isHead && status is not (204 or 304))
        {
            Assert.False(headers.ContainsKey("Transfer-Encoding"), "Every answer knows its length.");
            body = new byte[int.Parse(headers["Content-Length"], CultureInfo.InvariantCulture)];
            await _stream.ReadExactlyAsync(body, cancellationToken);
        }

        // A server that has not read the whole request closes, whether it says so or not.
        if (headers.GetValueOrDefault("Connection") == "close" || status is 400 or 413 or 415)
            Close();
        return new RawAnswer(status, headers.GetValueOrDefault("Content-Type"), body);
    }

    private async Task<string> ReadLineAsync(CancellationToken cancellationToken)
    {
        List<byte> line = [];
        byte[] one = new byte[1];
        while (line is not [.., (byte)'\r', (byte)'\n'])
        {
            if (await _stream.ReadAsync(one, cancellationToken) == 0)
                throw new IOException("The server closed the connection without an answer.");
            line.Add(one[0]);
        }

        return Encoding.ASCII.GetString([.. line[..^2]]);
    }

    private void Close()
    {
        _connection?.Dispose();
        _connection = null;
    }
}
