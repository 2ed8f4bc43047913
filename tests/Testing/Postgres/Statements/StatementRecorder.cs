using System.Text;

namespace TByte.Functions.Testing.Postgres.Statements;

/// <summary>Puts the lines of a server's log together to statements.</summary>
internal sealed class StatementRecorder
{
    private const string Parameters = "Parameters: ";

    private readonly List<Recorded> _statements = [];
    private readonly Dictionary<int, Backend> _backends = [];
    private StringBuilder? _continued;

    /// <summary>In the order in which they were logged first.</summary>
    public IEnumerable<LoggedStatement> Statements =>
        _statements.Select(statement => new LoggedStatement(
            statement.Text.ToString(), statement.Parameters.ToString(), statement.Application, statement.Start, statement.End, statement.Failed));

    public void Add(string line)
    {
        if (LogLine.TryParse(line) is { } first)
        {
            _continued = null;
            Record(first);
        }
        else if (line.StartsWith('\t'))
        {
            _continued?.Append('\n').Append(line, 1, line.Length - 1);
        }
    }

    private void Record(LogLine line)
    {
        if (!_backends.TryGetValue(line.ProcessId, out Backend? backend))
            _backends[line.ProcessId] = backend = new Backend();

        switch (line.Severity)
        {
            case "LOG" when LogMessage.TryParse(line.Message) is { } message:
                Record(backend, line, message);
                break;
            case "DETAIL" when backend.Running is { } running && line.Message.StartsWith(Parameters, StringComparison.Ordinal):
                _continued = running.Parameters.Append(line.Message, Parameters.Length, line.Message.Length - Parameters.Length);
                break;
            case "LOG" when line.Message.StartsWith("starting PostgreSQL", StringComparison.Ordinal):
                // What ran when it was killed has logged no end.
                foreach (Backend lost in _backends.Values)
                    Fail(lost, line.Time);
                break;
            case "ERROR" or "FATAL" or "PANIC":
                backend.FailedUnseen = backend.Running is null;
                Fail(backend, line.Time);
                break;
            case "STATEMENT" when backend.FailedUnseen:
                // It failed while it was parsed or bound, before it could be logged.
                Begin(backend, line, line.Message, line.Time);
                Fail(backend, line.Time);
                backend.FailedUnseen = false;
                break;
        }
    }

    private void Record(Backend backend, LogLine line, LogMessage message)
    {
        DateTimeOffset start = line.Time - (message.Duration ?? TimeSpan.Zero);
        switch (message.Phase)
        {
            case "parse":
                backend.Prepared = (start, line.Transaction);
                break;
            case "bind":
                // A statement that was prepared long before begins here.
                if (backend.Prepared?.Transaction != line.Transaction)
                    backend.Prepared = (start, line.Transaction);
                break;
            case not null:
                Begin(backend, line, message.Text!, start);
                break;
        }
        if (message is { Duration: not null, Phase: not ("parse" or "bind") })
            End(backend, line.Time, failed: false);
    }

    private void Begin(Backend backend, LogLine line, string text, DateTimeOffset start)
    {
        if (backend.Prepared is { } prepared && (prepared.Transaction == line.Transaction || backend.FailedUnseen))
            start = prepared.Start;
        backend.Prepared = null;
        backend.Running = new Recorded(line.Application, start);
        _continued = backend.Running.Text.Append(text);
        _statements.Add(backend.Running);
    }

    private static void Fail(Backend backend, DateTimeOffset time) => End(backend, time, failed: true);

    private static void End(Backend backend, DateTimeOffset time, bool failed)
    {
        if (backend.Running is not { } running)
            return;

        running.End = time;
        running.Failed = failed;
        backend.Running = null;
    }

    private sealed class Recorded(string application, DateTimeOffset start)
    {
        public StringBuilder Text { get; } = new();

        public StringBuilder Parameters { get; } = new();

        public string Application => application;

        public DateTimeOffset Start => start;

        public DateTimeOffset? End { get; set; }

        public bool Failed { get; set; }
    }

    /// <summary>What one of the server's processes is at.</summary>
    private sealed class Backend
    {
        /// <summary>What is parsed or bound and will be executed next.</summary>
        public (DateTimeOffset Start, string Transaction)? Prepared { get; set; }

        public Recorded? Running { get; set; }

        /// <summary>Whether something has failed whose beginning was not logged.</summary>
        public bool FailedUnseen { get; set; }
    }
}
