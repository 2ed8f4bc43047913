namespace TByte.Functions.Infrastructure.Tests.Monitoring.Queries;

/// <summary>What the parser has to say about a line.</summary>
internal sealed record KustoDiagnostic(int Line, string Severity, string Message);
