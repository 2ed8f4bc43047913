namespace TByte.Functions.Infrastructure.Tests;

/// <summary>A change to a template, by which it becomes another one, or a wrong one.</summary>
/// <param name="File">Relative to infra/bicep.</param>
/// <param name="Text">What it has once.</param>
/// <param name="Replacement">What stands there afterwards.</param>
public sealed record TemplateChange(string File, string Text, string Replacement)
{
    /// <summary>What else must be changed for it.</summary>
    internal IReadOnlyList<TemplateChange> More { get; private init; } = [];

    /// <summary>This change and another one.</summary>
    public TemplateChange And(string file, string text, string replacement) => this with { More = [.. More, new TemplateChange(file, text, replacement)] };
}
