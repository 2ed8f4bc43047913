using TByte.Functions.LocalHost.Data.Generated;

namespace TByte.Functions.IncidentReplay.Replaying;

/// <summary>How large the shop is and how long each part takes.</summary>
internal sealed record ReplayScale
{
    public required GeneratorOptions Shop { get; init; }

    /// <summary>Products that are not sold any more, besides those of <see cref="Shop"/>.</summary>
    public required int Discontinued { get; init; }

    public required int Instances { get; init; }

    public int Replicas { get; init; } = 2;

    /// <summary>Each load that is tried when the highest one is looked for.</summary>
    public required int TrySeconds { get; init; }

    /// <summary>How close the highest load that is held is looked at: the search ends when what is held and what is not differ by this factor.</summary>
    public required double Closeness { get; init; }

    /// <summary>Before and after, at the offered load.</summary>
    public required int MeasureSeconds { get; init; }

    /// <summary>How long the peak is that comes before a measurement, at <see cref="Rush"/> times its rate.</summary>
    public required int SettleSeconds { get; init; }

    public double Rush { get; init; } = 2;

    /// <summary>Each run of the ablation; 0 leaves it out.</summary>
    public required int AblationSeconds { get; init; }

    /// <summary>How long servers are away.</summary>
    public required int OutageSeconds { get; init; }

    /// <summary>Load before a fault, and after it.</summary>
    public required int CalmSeconds { get; init; }

    /// <summary>How often the flooding client is measured, with and without.</summary>
    public required int FloodRounds { get; init; }

    /// <summary>How long each of these is.</summary>
    public required int FloodSeconds { get; init; }

    /// <summary>Whether all outages are run, or those alone that stand in the verdict.</summary>
    public required bool AllOutages { get; init; }

    /// <summary>A measurement.</summary>
    public static ReplayScale Full { get; } = new()
    {
        Shop = new GeneratorOptions { Users = 200_000, Orders = 2_000_000 },
        Discontinued = 300_000,
        Instances = 3,
        TrySeconds = 10,
        Closeness = 1.1,
        MeasureSeconds = 60,
        SettleSeconds = 12,
        AblationSeconds = 15,
        OutageSeconds = 30,
        CalmSeconds = 8,
        FloodRounds = 5,
        FloodSeconds = 10,
        AllOutages = true,
    };

    /// <summary>Shows the direction alone. The shop is large enough for the database, and not the machine, to give out first in the incident's state.</summary>
    public static ReplayScale Quick { get; } = new()
    {
        Shop = new GeneratorOptions { Users = 60_000, Orders = 600_000 },
        Discontinued = 300_000,
        Instances = 2,
        TrySeconds = 4,
        Closeness = 2,
        MeasureSeconds = 6,
        SettleSeconds = 4,
        AblationSeconds = 0,
        OutageSeconds = 5,
        CalmSeconds = 2,
        FloodRounds = 1,
        FloodSeconds = 6,
        AllOutages = false,
    };
}
