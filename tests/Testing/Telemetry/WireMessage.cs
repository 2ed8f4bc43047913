using System.Buffers.Binary;
using System.Text;

namespace TByte.Functions.Testing.Telemetry;

/// <summary>
/// A message of Protocol Buffers, read without its schema: fields by their numbers. There is no package with the types of OTLP, and what the
/// tests look at is a dozen fields.
/// </summary>
internal sealed class WireMessage
{
    private readonly List<(int Number, ReadOnlyMemory<byte> Bytes, ulong Value)> _fields = [];

    /// <exception cref="InvalidDataException">It is none.</exception>
    public WireMessage(ReadOnlyMemory<byte> message)
    {
        while (message.Length > 0)
        {
            ulong tag = ReadVarint(ref message);
            int number = (int)(tag >> 3);
            switch (tag & 7)
            {
                case 0:
                    _fields.Add((number, default, ReadVarint(ref message)));
                    break;
                case 1:
                    _fields.Add((number, default, BinaryPrimitives.ReadUInt64LittleEndian(Take(ref message, 8).Span)));
                    break;
                case 2:
                    _fields.Add((number, Take(ref message, (int)ReadVarint(ref message)), 0));
                    break;
                case 5:
                    _fields.Add((number, default, BinaryPrimitives.ReadUInt32LittleEndian(Take(ref message, 4).Span)));
                    break;
                default:
                    throw new InvalidDataException($"Field {number} is of a kind that there is not.");
            }
        }
    }

    public IEnumerable<WireMessage> Messages(int number) => _fields.Where(field => field.Number == number).Select(static field => new WireMessage(field.Bytes));

    public string Text(int number) => Encoding.UTF8.GetString(Last(number).Bytes.Span);

    public string Hex(int number) => Convert.ToHexStringLower(Last(number).Bytes.Span);

    public ulong Number(int number) => Last(number).Value;

    public double Double(int number) => BitConverter.UInt64BitsToDouble(Last(number).Value);

    public ReadOnlyMemory<byte> Bytes(int number) => Last(number).Bytes;

    public bool Has(int number) => _fields.Exists(field => field.Number == number);

    // Of a field that is there twice the last one counts; one that is not there is empty.
    private (int Number, ReadOnlyMemory<byte> Bytes, ulong Value) Last(int number) => _fields.FindLast(field => field.Number == number);

    private static ulong ReadVarint(ref ReadOnlyMemory<byte> message)
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = Take(ref message, 1).Span[0];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }

        throw new InvalidDataException("A number has more than 64 bits.");
    }

    private static ReadOnlyMemory<byte> Take(ref ReadOnlyMemory<byte> message, int length)
    {
        if (length < 0 || length > message.Length)
            throw new InvalidDataException("The message ends too soon.");
        ReadOnlyMemory<byte> taken = message[..length];
        message = message[length..];
        return taken;
    }
}
