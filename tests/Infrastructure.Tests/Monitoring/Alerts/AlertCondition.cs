namespace TByte.Functions.Infrastructure.Tests.Monitoring.Alerts;

/// <summary>When an alert fires.</summary>
internal sealed record AlertCondition(string Measure, string Operator, double Threshold, string Window);
