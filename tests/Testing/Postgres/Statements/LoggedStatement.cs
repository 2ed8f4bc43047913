namespace TByte.Functions.Testing.Postgres.Statements;

/// <summary>A statement as the server saw it; times are the server's, to the millisecond.</summary>
/// <param name="Text">As it was sent, without the values of its parameters.</param>
/// <param name="Parameters">Their values, such as <c>$1 = '7', $2 = NULL</c>; empty for none, or if it failed before it was bound.</param>
/// <param name="Application">The connection's application name; empty for none.</param>
/// <param name="Start">When the server began to parse it, or to bind it if it was prepared before.</param>
/// <param name="End">When it was through, or had failed; null while it runs.</param>
/// <param name="Failed">Whether it ended with an error, by cancellation for instance, or with its server.</param>
public sealed record LoggedStatement(
    string Text, string Parameters, string Application, DateTimeOffset Start, DateTimeOffset? End, bool Failed);
