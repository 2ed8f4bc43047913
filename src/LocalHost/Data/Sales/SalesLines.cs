using System;

namespace TByte.Functions.LocalHost.Data.Sales;

/// <summary>Reads the file line by line in bounded memory.</summary>
internal sealed class SalesLines(SalesSource source)
{
    /// <summary>A sound line has about 100 bytes.</summary>
    public const int LongestLine = 8 * 1024;

    private readonly byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;
    private bool _ended;

    /// <summary>
    /// The next line without its line break, valid until the next call. An overlong line is skipped and comes as an empty one;
    /// <paramref name="closed"/> is false for a last line without a line break.
    /// </summary>
    public bool TryRead(out ReadOnlySpan<byte> line, out bool overlong, out bool closed)
    {
        overlong = false;
        while (true)
        {
            var rest = _buffer.AsSpan(_start, _end - _start);
            var newline = rest.IndexOf((byte)'\n');
            if (newline >= 0)
            {
                _start += newline + 1;
                overlong |= newline > LongestLine;
                line = overlong ? [] : WithoutCarriageReturn(rest[..newline]);
                closed = true;
                return true;
            }

            if (rest.Length > LongestLine)
            {
                overlong = true;
                _start = _end;
            }

            if (!_ended && Fill())
                continue;

            rest = _buffer.AsSpan(_start, _end - _start);
            _start = _end;
            line = overlong ? [] : WithoutCarriageReturn(rest);
            closed = false;
            return overlong || rest.Length > 0;
        }
    }

    private bool Fill()
    {
        _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
        _end -= _start;
        _start = 0;
        var read = source.Read(_buffer.AsSpan(_end));
        _end += read;
        _ended = read == 0;
        return !_ended;
    }

    private static ReadOnlySpan<byte> WithoutCarriageReturn(ReadOnlySpan<byte> line) => line.EndsWith("\r"u8) ? line[..^1] : line;
}
