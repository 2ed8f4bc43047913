using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace TByte.Functions.Testing.Identity;

/// <summary>
/// Tells a PostgreSQL whether what came as a password is a valid token (RADIUS, which the server speaks without any library). A role's own
/// password would not do: there is one at a time, while tokens overlap.
/// </summary>
internal sealed class TokenServer : IDisposable
{
    public const string Secret = "between-test-and-server";

    private const byte AccessAccept = 2;
    private const byte AccessReject = 3;
    private const byte UserPassword = 2;
    private const int HeaderLength = 20;

    private readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Loopback, 0));
    private readonly TokenAuthority _authority;
    private volatile int _accepted;
    private volatile int _refused;

    public TokenServer(TokenAuthority authority)
    {
        _authority = authority;
        _ = AnswerAsync();
    }

    public int Port => ((IPEndPoint)_socket.Client.LocalEndPoint!).Port;

    public int Accepted => _accepted;

    public int Refused => _refused;

    public void Dispose() => _socket.Dispose();

    private async Task AnswerAsync()
    {
        try
        {
            while (true)
            {
                UdpReceiveResult request = await _socket.ReceiveAsync();
                bool isValid = _authority.IsValid(Password(request.Buffer));
                Interlocked.Increment(ref isValid ? ref _accepted : ref _refused);
                await _socket.SendAsync(Answer(request.Buffer, isValid ? AccessAccept : AccessReject), request.RemoteEndPoint);
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
        }
    }

    private static string Password(byte[] request)
    {
        int at = HeaderLength;
        while (request[at] != UserPassword)
            at += request[at + 1];
        byte[] hidden = request[(at + 2)..(at + request[at + 1])];
        byte[] before = request[4..HeaderLength];
        for (int block = 0; block < hidden.Length; block += 16)
        {
            byte[] mask = Md5(Encoding.ASCII.GetBytes(Secret), before);
            before = hidden[block..(block + 16)];
            for (int i = 0; i < 16; i++)
                hidden[block + i] ^= mask[i];
        }
        return Encoding.ASCII.GetString(hidden).TrimEnd('\0');
    }

    private static byte[] Answer(byte[] request, byte code)
    {
        byte[] header = [code, request[1], 0, HeaderLength];
        return [.. header, .. Md5(header, request[4..HeaderLength], Encoding.ASCII.GetBytes(Secret))];
    }

#pragma warning disable CA5351 // The protocol's own.
    private static byte[] Md5(params byte[][] parts) => MD5.HashData([.. parts.SelectMany(static part => part)]);
#pragma warning restore CA5351
}
