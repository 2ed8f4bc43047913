namespace TByte.Functions.IncidentReplay.Traffic;

/// <summary>What there is to read, told to a <see cref="LoadProcess"/> at its start.</summary>
/// <param name="Products">Ids 1 to this.</param>
/// <param name="Categories">Ids 1 to this.</param>
/// <param name="Customers">Users with orders.</param>
/// <param name="Orders">The newest order of each of them.</param>
/// <param name="TraceFile">A shop's real sales, which say who reads what; null for generated ones.</param>
internal sealed record LoadContents(
    int Products, int Categories, IReadOnlyList<long> Customers, IReadOnlyList<long> Orders, string? TraceFile);

/// <summary>A load that a <see cref="LoadProcess"/> is to send.</summary>
internal sealed record LoadPlan
{
    /// <summary>The instances, asked in turn.</summary>
    public required IReadOnlyList<Uri> Origins { get; init; }

    /// <summary>Requests per second.</summary>
    public required double Rate { get; init; }

    /// <summary>How long it is measured.</summary>
    public required int Seconds { get; init; }

    /// <summary>Sent before, and not counted.</summary>
    public int WarmUpSeconds { get; init; }

    /// <summary>How many times the rate is sent in the warm-up: a peak, as it comes before an incident.</summary>
    public double Rush { get; init; } = 1;

    /// <summary>If not 0, nothing is measured: so many requests are sent for what does not exist, so that the instances' code is compiled.</summary>
    public int Rehearsals { get; init; }

    /// <summary>Products alone.</summary>
    public bool OnlyProducts { get; init; }

    /// <summary>The one client that sends it all; null for as many as keep below every limit.</summary>
    public string? OnlyAddress { get; init; }
}

/// <summary>A line that a <see cref="LoadProcess"/> writes.</summary>
/// <param name="Progress">How it goes.</param>
/// <param name="Report">What came of the plan, which is done.</param>
/// <param name="Failure">Why it could not be done.</param>
internal sealed record LoadMessage(string? Progress = null, Reports.LoadReport? Report = null, string? Failure = null);
