namespace TByte.Functions.Infrastructure.Tests.Monitoring.Queries;

/// <summary>A query as the parser has understood it.</summary>
/// <param name="File">Its full path.</param>
/// <param name="Columns">Of its result.</param>
/// <param name="Diagnostics">What is wrong with it.</param>
internal sealed record KustoQuery(string File, IReadOnlyList<KustoColumn> Columns, IReadOnlyList<KustoDiagnostic> Diagnostics)
{
    /// <summary>Each diagnostic with file and line.</summary>
    public IEnumerable<string> Problems => Diagnostics.Select(diagnostic => $"{File}:{diagnostic.Line}: {diagnostic.Severity}: {diagnostic.Message}");
}
