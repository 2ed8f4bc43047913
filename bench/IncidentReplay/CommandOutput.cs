namespace TByte.Functions.IncidentReplay;

/// <summary>Where the report goes, and where everything else is said.</summary>
internal sealed record CommandOutput(TextWriter Report, TextWriter Progress);

/// <summary>How a run is ended before its time.</summary>
/// <param name="Sending">Nothing more is sent; what is under way is waited for, since leaving out the slowest would flatter the target.</param>
/// <param name="Waiting">Nothing is waited for either.</param>
internal sealed record CommandStop(CancellationToken Sending, CancellationToken Waiting);
