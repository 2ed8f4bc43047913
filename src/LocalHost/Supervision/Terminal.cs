using System;
using System.Collections.Generic;

namespace TByte.Functions.LocalHost.Supervision;

/// <summary>One stream of whole lines from many processes, each with its name in front.</summary>
internal sealed class Terminal
{
    private const int NameWidth = 11;

    private static readonly string[] Chatter = ["LOG:", "HINT:  Future log output", "FATAL:  terminating walreceiver", "FATAL:  terminating connection due to admin"];

    private readonly Action<string> _write;

    /// <param name="write">Writes one line; may be called by many threads.</param>
    public Terminal(Action<string> write) => _write = write;

    public void Say(string text) => _write(text);

    /// <summary>A log that puts the name before every line.</summary>
    public Action<string> Of(string name) => line => _write($"{name,-NameWidth} | {line}");

    /// <summary>PostgreSQL's log without its chatter: checkpoints, and what it says when it is told to stop.</summary>
    public Action<string> OfPostgres(string name)
    {
        Action<string> log = Of(name);
        return line =>
        {
            if (!Array.Exists(Chatter, start => line.StartsWith(start, StringComparison.Ordinal)))
                log(line);
        };
    }

    public void ShowTail(string name, IReadOnlyList<string> tail)
    {
        if (tail.Count > 0)
            _write($"The last lines of {name}:{Environment.NewLine}    {string.Join(Environment.NewLine + "    ", tail)}");
    }
}
