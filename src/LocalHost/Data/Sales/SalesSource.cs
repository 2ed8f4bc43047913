using System;
using System.Buffers.Binary;
using System.IO;
using System.IO.Compression;

namespace TByte.Functions.LocalHost.Data.Sales;

/// <summary>The bytes of a sales file, unpacked if it is gzip, and whether an archive came to its proper end.</summary>
internal sealed class SalesSource : IDisposable
{
    private readonly Stream _file;
    private readonly GZipStream? _unpacked;
    private long _length;

    /// <summary>Takes a seekable stream at its start and disposes it.</summary>
    public SalesSource(Stream file)
    {
        _file = file;
        Span<byte> magic = stackalloc byte[2];
        if (file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false) == 2 && magic is [0x1F, 0x8B])
            _unpacked = new GZipStream(file, CompressionMode.Decompress);
        file.Position = 0;
    }

    /// <summary>The archive is cut off or corrupt: what came before its end is there, what should follow is not.</summary>
    public bool Damaged { get; private set; }

    public int Read(Span<byte> buffer)
    {
        if (_unpacked is null)
            return _file.Read(buffer);

        try
        {
            var read = _unpacked.Read(buffer);
            _length += read;
            if (read == 0)
                Damaged |= !LengthMatches();
            return read;
        }
        catch (InvalidDataException)
        {
            Damaged = true;
            return 0;
        }
    }

    public void Dispose()
    {
        _unpacked?.Dispose();
        _file.Dispose();
    }

    // GZipStream takes a missing end for the end. The last four bytes of an archive tell its unpacked length, modulo 2^32.
    private bool LengthMatches()
    {
        Span<byte> trailer = stackalloc byte[4];
        if (_file.Length < 18)
            return false;
        _file.Position = _file.Length - trailer.Length;
        _file.ReadExactly(trailer);
        return BinaryPrimitives.ReadUInt32LittleEndian(trailer) == (uint)_length;
    }
}
