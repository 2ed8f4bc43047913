namespace TByte.Functions.Infrastructure.Tests.Monitoring.Queries;

/// <summary>A column of a query's result.</summary>
internal sealed record KustoColumn(string Name, string Type);
