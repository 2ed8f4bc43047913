using System.Text;

namespace TByte.Functions.Testing.Identity;

/// <summary>Reads commands from the bytes that a client of Redis sends, however these are cut.</summary>
internal sealed class RespCommands
{
    private readonly List<byte> _unread = [];

    /// <summary>The commands that are whole with these bytes, each with its arguments.</summary>
    public IEnumerable<string[]> Read(ReadOnlySpan<byte> bytes)
    {
        _unread.AddRange(bytes);
        List<string[]> commands = [];
        int read = 0;
        while (TryRead(ref read) is { } command)
            commands.Add(command);
        _unread.RemoveRange(0, read);
        return commands;
    }

    private string[]? TryRead(ref int read)
    {
        int at = read;
        if (TryReadLine(ref at) is not ['*', .. var count])
            return null;

        string[] command = new string[int.Parse(count)];
        for (int i = 0; i < command.Length; i++)
        {
            if (TryReadLine(ref at) is not ['$', .. var length] || at + int.Parse(length) + 2 > _unread.Count)
                return null;
            command[i] = Encoding.UTF8.GetString([.. _unread.GetRange(at, int.Parse(length))]);
            at += int.Parse(length) + 2;
        }
        read = at;
        return command;
    }

    private string? TryReadLine(ref int at)
    {
        int end = _unread.IndexOf((byte)'\n', at);
        if (end < 0)
            return null;
        string line = Encoding.ASCII.GetString([.. _unread.GetRange(at, end - 1 - at)]);
        at = end + 1;
        return line;
    }
}
