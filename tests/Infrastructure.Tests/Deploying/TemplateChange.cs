namespace TByte.Functions.Infrastructure.Tests;

/// <summary>A change to a template, by which it becomes another one, or a wrong one.</summary>
/// <param name="File">Relative to infra/bicep.</param>
/// <param name="Text">What it has once.</param>
/// <param name="Replacement">What stands there afterwards.</param>
public sealed record TemplateChange(string File, string Text, string Replacement);
