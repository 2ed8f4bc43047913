using System.Text.Json.Serialization;

namespace TByte.Functions.Diagnosis;

/// <summary>A root cause that the evidence speaks for.</summary>
/// <param name="Rule">The rule that found it, e.g. <c>missing-index</c>; its heading in docs/diagnosis.md.</param>
/// <param name="Subject">What it is about: a table, an index, a server, a setting.</param>
/// <param name="Severity">How much it hurts.</param>
/// <param name="Confidence">How sure the rule is, 0 to 1.</param>
/// <param name="What">The cause, in one sentence.</param>
/// <param name="Evidence">The numbers behind it.</param>
/// <param name="Effect">What readers or operators notice of it.</param>
/// <param name="Remedy">What to do.</param>
/// <param name="Verify">How to see that it was done and has helped.</param>
public sealed record Finding(
    string Rule,
    string Subject,
    Severity Severity,
    double Confidence,
    string What,
    IReadOnlyList<Measurement> Evidence,
    string Effect,
    Remedy Remedy,
    string Verify);

/// <summary>A number that a finding rests on.</summary>
/// <param name="Name">What was measured.</param>
/// <param name="Value">The number.</param>
/// <param name="Unit">Its unit: <c>ms</c>, <c>s</c>, <c>%</c> (0 to 100), <c>bytes</c>, <c>/s</c>, or empty for a count.</param>
/// <param name="Threshold">The bound it was compared with, in the same unit; null when it is there to explain.</param>
public sealed record Measurement(string Name, double Value, string Unit = "", double? Threshold = null);

/// <summary>What to do about a finding.</summary>
/// <param name="Text">In words.</param>
/// <param name="Sql">Statements to run, one an item; empty when there are none.</param>
/// <param name="Setting">The setting to change, e.g. <c>Postgres:MaxPoolSize = 20</c>; null when there is none.</param>
[method: JsonConstructor]
public sealed record Remedy(string Text, IReadOnlyList<string> Sql, string? Setting = null)
{
    /// <summary>A remedy in words only.</summary>
    public Remedy(string text)
        : this(text, [])
    {
    }

    /// <summary>A remedy that is one statement.</summary>
    public Remedy(string text, string sql)
        : this(text, [sql])
    {
    }
}
