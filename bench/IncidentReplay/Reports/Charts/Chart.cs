namespace TByte.Functions.IncidentReplay.Reports.Charts;

/// <summary>Lines between two axes.</summary>
/// <param name="Name">What it shows.</param>
/// <param name="Frame">Where it stands.</param>
/// <param name="Across">From left to right.</param>
/// <param name="Up">From the bottom to the top.</param>
/// <param name="Lines">The later are drawn over the earlier.</param>
internal sealed record Chart(string Name, ChartFrame Frame, ChartAxis Across, ChartAxis Up, IReadOnlyList<ChartLine> Lines)
{
    /// <summary>In the order of where they stand.</summary>
    public IReadOnlyList<ChartMark> Marks { get; init; } = [];

    /// <summary>Below it; empty for nothing.</summary>
    public string Note { get; init; } = "";
}

/// <summary>A line of a chart. A point without neighbours is a dot.</summary>
/// <param name="Name">In the legend; empty for a line that is not in it.</param>
/// <param name="Class">How it looks.</param>
/// <param name="Points">In the order of the line, which is broken where there is none.</param>
internal sealed record ChartLine(string Name, string Class, IReadOnlyList<ChartPoint> Points)
{
    /// <summary>The same points as dots without a line.</summary>
    public static ChartLine Dots(string kind, IEnumerable<ChartPoint> points) =>
        new("", kind, [.. points.SelectMany(static point => new[] { point, point with { Y = null } })]);
}

/// <summary>A point in the units of the axes.</summary>
/// <param name="X">Across.</param>
/// <param name="Y">Up; null where nothing is known.</param>
internal readonly record struct ChartPoint(double X, double? Y);

/// <summary>A place across that is marked from the bottom to the top.</summary>
internal sealed record ChartMark(double X, string Label);

/// <summary>A value that is marked on an axis, and its label.</summary>
internal sealed record GridLine(double Value, string Label);

/// <summary>Where values stand.</summary>
/// <param name="Name">What is measured, and its unit; empty where the labels tell.</param>
/// <param name="Lines">In ascending order.</param>
/// <param name="ShareOf">0 at the start of the axis, 1 at its end.</param>
internal sealed record ChartAxis(string Name, IReadOnlyList<GridLine> Lines, Func<double, double> ShareOf);
