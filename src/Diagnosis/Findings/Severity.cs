namespace TByte.Functions.Diagnosis;

/// <summary>How much a root cause hurts, or soon will.</summary>
public enum Severity
{
    /// <summary>Worth doing when there is time.</summary>
    Low,

    /// <summary>Costs something now, or will within days.</summary>
    Medium,

    /// <summary>Readers notice it; an engineer should be called.</summary>
    High,
}
