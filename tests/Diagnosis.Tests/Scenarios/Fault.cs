namespace TByte.Functions.Diagnosis.Tests.Scenarios;

/// <summary>Something that goes wrong, and the root cause that should be named for it.</summary>
/// <param name="Name">For the test's name.</param>
/// <param name="Rule">The rule that names it.</param>
/// <param name="Subject">A part of the subject that it names.</param>
/// <param name="InjectAsync">Makes it go wrong.</param>
/// <param name="Needs">Faults of different kinds can be together; those of one kind would undo each other.</param>
internal sealed record Fault(string Name, string Rule, string Subject, Func<Scenario, Task> InjectAsync, string Needs)
{
    public static IReadOnlyList<Fault> All { get; } = [.. DatabaseFaults.All, .. SessionFaults.All, .. CacheFaults.All, .. FleetFaults.All];

    public bool CanBeWith(Fault other) => other != this && Needs != other.Needs;

    public bool Is(Finding finding) => finding.Rule == Rule && finding.Subject.Contains(Subject, StringComparison.Ordinal);

    /// <summary>With it nothing of the primary can be seen.</summary>
    public bool TakesAll => Name == "no connection left";

    public bool IsSeenWithoutDatabase => Needs is "redis" or "replica";

    public override string ToString() => Name;
}
