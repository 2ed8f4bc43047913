namespace TByte.Functions.IncidentReplay.Reports.Charts;

/// <summary>The size of a chart, and where in it the plot stands.</summary>
internal sealed record ChartFrame(int Width, int Height, int Left, int Right, int Top, int Bottom)
{
    public const int LabelHeight = 20;

    /// <summary>As wide as the page.</summary>
    public static ChartFrame Wide { get; } = new(900, 260, 70, 880, 14, 225);

    /// <summary>Two in a row, or one on a phone.</summary>
    public static ChartFrame Half { get; } = new(560, 312, 70, 536, 34, 262);

    /// <summary>Three in a row, or one on a phone.</summary>
    public static ChartFrame Third { get; } = new(320, 250, 60, 308, 34, 200);

    /// <summary>How it looks: the smaller it is shown, the larger its text must be.</summary>
    public string Class => Width > Half.Width ? "wide" : Width > Third.Width ? "half" : "third";

    /// <summary>With room for labels above the plot, each in a row of its own.</summary>
    public ChartFrame Below(int labels) => this with
    {
        Height = Height + labels * LabelHeight,
        Top = Top + labels * LabelHeight,
        Bottom = Bottom + labels * LabelHeight,
    };

    public double X(double share) => Left + Math.Clamp(share, 0, 1) * (Right - Left);

    public double Y(double share) => Bottom - Math.Clamp(share, 0, 1) * (Bottom - Top);
}
