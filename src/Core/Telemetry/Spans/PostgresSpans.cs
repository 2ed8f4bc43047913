using System.Diagnostics;
using TByte.Functions.Postgres;

namespace TByte.Functions.Telemetry;

/// <summary>What is done around a statement; the statement's own span is Npgsql's, beneath.</summary>
internal static class PostgresSpans
{
    /// <summary>A read, with all its attempts.</summary>
    public static Activity? Read() => SpanSources.Postgres.StartWithin("database read");

    /// <summary>One attempt of a read.</summary>
    /// <param name="server">The server that was chosen.</param>
    /// <param name="reason">Why that one.</param>
    /// <param name="kind">Which attempt it is.</param>
    public static Activity? Attempt(DatabaseServer server, RouteReason reason, AttemptKind kind)
    {
        Activity? attempt = On(server, "database attempt");
        attempt?.SetTag("route.reason", PostgresMetrics.Name(reason)).SetTag("attempt.kind", PostgresMetrics.Name(kind));
        return attempt;
    }

    public static Activity? Write(DatabaseServer server) => On(server, "database write");

    public static Activity? Heavy(DatabaseServer server) => On(server, "database heavy query");

    /// <summary>Notes in the span under way that something was waited for, and has come.</summary>
    public static void Came(string what) => RecordedSpan.Current(SpanSources.Postgres)?.AddEvent(new ActivityEvent(what));

    private static Activity? On(DatabaseServer server, string name) => SpanSources.Postgres.StartWithin(name)?.SetTag("server.name", server.Name);
}
