using TByte.Functions.LocalHost.Servers;

namespace TByte.Functions.Testing.Postgres.Statements;

/// <summary>
/// Every statement that a server has run, with its start and end as the server saw them. What is only prepared and never executed is left
/// out. Statements of several kilobytes may be garbled: the system writes longer lines of concurrent processes in pieces.
/// </summary>
public sealed class StatementLog
{
    /// <summary>The server cuts its times off to this.</summary>
    private static readonly TimeSpan Resolution = TimeSpan.FromMilliseconds(1);

    private readonly Lock _gate = new();
    private readonly StatementRecorder _recorder = new();

    /// <summary>All so far, in the order in which they were logged first.</summary>
    public IReadOnlyList<LoggedStatement> All
    {
        get
        {
            lock (_gate)
                return [.. _recorder.Statements];
        }
    }

    /// <summary>Those that ran at some time of a range, both ends included.</summary>
    public IReadOnlyList<LoggedStatement> Between(DateTimeOffset from, DateTimeOffset to) =>
        [.. All.Where(statement => statement.Start <= to && !(statement.End < from))];

    /// <summary>
    /// How many of those that match ran at once when it was most. Never too many: if a client has sent one after it had the answer to
    /// another, these two are not counted together. Overlaps shorter than 2 ms may be missed.
    /// </summary>
    public int MostAtOnce(Func<LoggedStatement, bool> match)
    {
        LoggedStatement[] matching = [.. All.Where(match)];
        // The latest instant at which it can have begun; it has not ended before that.
        DateTimeOffset[] starts = [.. matching.Select(statement => statement.Start + Resolution).Order()];
        DateTimeOffset[] ends = [.. matching.Select(statement => Later(statement.End ?? DateTimeOffset.MaxValue, statement.Start + Resolution)).Order()];
        int most = Math.Min(matching.Length, 1), ended = 0;
        for (int started = 0; started < starts.Length; started++)
        {
            while (ended < ends.Length && ends[ended] <= starts[started])
                ended++;
            most = Math.Max(most, started + 1 - ended);
        }
        return most;
    }

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    /// <summary>The same server, telling this log what it does.</summary>
    internal PostgresServerOptions Listen(PostgresServerOptions options) => options with
    {
        Log = Add,
        Settings = new Dictionary<string, string>(options.Settings)
        {
            ["log_line_prefix"] = LogLine.Prefix,
            // When a statement begins, also one that will fail or never end; and how long each phase has taken.
            ["log_statement"] = "all",
            ["log_min_duration_statement"] = "0",
            ["log_parameter_max_length"] = "100",
        },
    };

    internal void Add(string line)
    {
        lock (_gate)
            _recorder.Add(line);
    }
}
