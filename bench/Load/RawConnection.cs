using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;

namespace TByte.Functions.Load;

/// <summary>An answer as it came; valid until the connection's next exchange.</summary>
internal readonly record struct RawAnswer(int Status, ReadOnlyMemory<byte> Head, ReadOnlyMemory<byte> Body);

/// <summary>One keep-alive HTTP/1.1 connection that sends prepared bytes and reads whole answers, cheaply enough to leave the machine to the server.</summary>
internal sealed class RawConnection : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private byte[] _buffer = new byte[64 * 1024];
    private int _filled;

    private RawConnection()
    {
    }

    public static async Task<RawConnection> OpenAsync(Uri server, CancellationToken cancellationToken)
    {
        RawConnection connection = new();
        await connection._socket.ConnectAsync(new IPEndPoint(IPAddress.Parse(server.Host), server.Port), cancellationToken);
        return connection;
    }

    public async ValueTask<RawAnswer> ExchangeAsync(ReadOnlyMemory<byte> request, CancellationToken cancellationToken)
    {
        await _socket.SendAsync(request, cancellationToken);
        _filled = 0;
        int bodyAt = await ReadHeadAsync(cancellationToken);
        ReadOnlyMemory<byte> head = _buffer.AsMemory(0, bodyAt);
        int status = Number(head.Span[9..12]);

        if (ResponseHead.Find(head.Span, "content-length"u8) is { IsEmpty: false } length)
        {
            int end = bodyAt + Number(length);
            await FillToAsync(end, cancellationToken);
            return new RawAnswer(status, _buffer.AsMemory(0, bodyAt), _buffer.AsMemory(bodyAt..end));
        }

        if (ResponseHead.Find(head.Span, "transfer-encoding"u8).IsEmpty)
            return new RawAnswer(status, head, default);

        int bodyLength = await ReadChunksAsync(bodyAt, cancellationToken);
        return new RawAnswer(status, _buffer.AsMemory(0, bodyAt), _buffer.AsMemory(bodyAt, bodyLength));
    }

    public void Dispose() => _socket.Dispose();

    private async ValueTask<int> ReadHeadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            int end = _buffer.AsSpan(0, _filled).IndexOf("\r\n\r\n"u8);
            if (end >= 0)
                return end + 4;
            await FillToAsync(_filled + 1, cancellationToken);
        }
    }

    /// <summary>Reads to the last chunk, moves the chunks' contents together, and returns their length.</summary>
    private async ValueTask<int> ReadChunksAsync(int bodyAt, CancellationToken cancellationToken)
    {
        int written = bodyAt;
        int next = bodyAt;
        while (true)
        {
            int lineEnd;
            while ((lineEnd = _buffer.AsSpan(next.._filled).IndexOf("\r\n"u8)) < 0)
                await FillToAsync(_filled + 1, cancellationToken);

            if (!Utf8Parser.TryParse(_buffer.AsSpan(next, lineEnd), out int size, out _, 'x'))
                throw new InvalidDataException("A chunk has no size.");
            int contents = next + lineEnd + 2;
            next = contents + size + 2;
            await FillToAsync(next, cancellationToken);
            if (size == 0)
                return written - bodyAt;
            _buffer.AsSpan(contents, size).CopyTo(_buffer.AsSpan(written));
            written += size;
        }
    }

    private async ValueTask FillToAsync(int length, CancellationToken cancellationToken)
    {
        while (_filled < length)
        {
            if (_buffer.Length < Math.Max(length, _filled + 1))
                Array.Resize(ref _buffer, 2 * Math.Max(length, _buffer.Length));
            int read = await _socket.ReceiveAsync(_buffer.AsMemory(_filled), cancellationToken);
            if (read == 0)
                throw new InvalidDataException("The server has closed the connection.");
            _filled += read;
        }
    }

    private static int Number(ReadOnlySpan<byte> digits) =>
        Utf8Parser.TryParse(digits, out int number, out _) ? number : throw new InvalidDataException("The answer is not HTTP/1.1.");
}
