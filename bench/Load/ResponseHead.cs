using System.Text;

namespace TByte.Functions.Load;

/// <summary>Looks into the head of an answer.</summary>
internal static class ResponseHead
{
    /// <summary>A field's value; empty when it is not there.</summary>
    /// <param name="head">Status line and fields.</param>
    /// <param name="name">The field's name in lower case.</param>
    public static ReadOnlySpan<byte> Find(ReadOnlySpan<byte> head, ReadOnlySpan<byte> name)
    {
        while (true)
        {
            int lineEnd = head.IndexOf("\r\n"u8);
            if (lineEnd < 0)
                return default;

            ReadOnlySpan<byte> line = head[..lineEnd];
            if (line.Length > name.Length && line[name.Length] == ':' && Ascii.EqualsIgnoreCase(line[..name.Length], name))
                return line[(name.Length + 1)..].Trim((byte)' ');
            head = head[(lineEnd + 2)..];
        }
    }
}
