namespace TByte.Functions.Infrastructure.Tests.Monitoring.Metrics;

/// <summary>One measurement.</summary>
internal sealed record Measured(double Value, IReadOnlyDictionary<string, string> Tags);
