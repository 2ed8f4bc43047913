namespace TByte.Functions.Testing.Telemetry;

/// <summary>A span.</summary>
/// <param name="Scope">Its source.</param>
/// <param name="Name">Its name.</param>
/// <param name="Trace">The trace that it belongs to.</param>
/// <param name="Id">Its own id.</param>
/// <param name="Parent">The id of the span that it is a part of; empty for none.</param>
/// <param name="StartedAt">When it began, in nanoseconds since 1970.</param>
/// <param name="Kind">1 internal, 2 server, 3 client.</param>
/// <param name="IsError">It has failed.</param>
/// <param name="Attributes">What it says of itself.</param>
/// <param name="Events">The names of what happened within.</param>
internal sealed record ReceivedSpan(
    string Scope, string Name, string Trace, string Id, string Parent, ulong StartedAt, int Kind, bool IsError,
    IReadOnlyDictionary<string, string> Attributes, IReadOnlyList<string> Events);

/// <summary>A line of the log.</summary>
internal sealed record ReceivedLog(string Category, string Text, string Trace, string Span, IReadOnlyDictionary<string, string> Attributes);

/// <summary>An instrument, and the attributes of its points.</summary>
/// <param name="Meter">Its meter.</param>
/// <param name="Name">Its name.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Points">The attributes of each.</param>
/// <param name="Boundaries">Of a histogram; else empty.</param>
internal sealed record ReceivedMetric(
    string Meter, string Name, string Unit, IReadOnlyList<IReadOnlyDictionary<string, string>> Points, IReadOnlyList<double> Boundaries);
