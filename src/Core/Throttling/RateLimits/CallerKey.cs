using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;

namespace TByte.Functions.Throttling;

/// <summary>Who is limited: an address, or the subject of a token.</summary>
internal readonly record struct CallerKey
{
    private const int MostPlainLength = 64;

    private readonly ulong _network;
    private readonly string? _subject;
    private readonly AddressFamily _family;

    private CallerKey(AddressFamily family, ulong network, string? subject)
    {
        _family = family;
        _network = network;
        _subject = subject;
    }

    /// <summary>An IPv4 address is a caller; of IPv6 the network of 64 bits is, since who has one has all of its addresses.</summary>
    public static CallerKey Of(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out int length);
        if (length == 4)
            return new CallerKey(AddressFamily.InterNetwork, BinaryPrimitives.ReadUInt32BigEndian(bytes), null);
        return address.IsIPv4MappedToIPv6
            ? new CallerKey(AddressFamily.InterNetwork, BinaryPrimitives.ReadUInt32BigEndian(bytes[12..]), null)
            : new CallerKey(AddressFamily.InterNetworkV6, BinaryPrimitives.ReadUInt64BigEndian(bytes), null);
    }

    /// <summary>A user or a service, wherever it calls from.</summary>
    public static CallerKey Of(string subject) => new(AddressFamily.Unspecified, 0, subject);

    // Seeded, unlike the hash of a number: whoever owns many networks must not be able to choose where they end up.
    public override int GetHashCode() => HashCode.Combine(_network, _subject);

    /// <summary>As it stands in a key of Redis: of bounded length, whatever a token's issuer puts into it.</summary>
    public override string ToString() => _family switch
    {
        AddressFamily.InterNetwork => new IPAddress(BinaryPrimitives.ReverseEndianness((uint)_network)).ToString(),
        AddressFamily.InterNetworkV6 => string.Create(CultureInfo.InvariantCulture, $"{_network:x16}/64"),
        _ => IsPlain(_subject!) ? $"sub:{_subject}" : $"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(_subject!)))}",
    };

    private static bool IsPlain(string subject) =>
        subject.Length <= MostPlainLength && !subject.AsSpan().ContainsAnyExceptInRange('!', 'z');
}
