namespace TByte.Functions.Infrastructure.Tests.Monitoring.Alerts;

/// <summary>A way to break the templates.</summary>
/// <param name="File">In the repository.</param>
/// <param name="Text">What stands there.</param>
/// <param name="By">What is put in its place.</param>
/// <param name="Said">How the problem begins that must be told of it.</param>
internal sealed record Mutation(string File, string Text, string By, string Said);
