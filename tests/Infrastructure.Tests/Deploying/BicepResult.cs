namespace TByte.Functions.Infrastructure.Tests;

/// <summary>How a run of Bicep ended.</summary>
internal sealed record BicepResult(int ExitCode, string Output, string Error);
