using TByte.Functions.IncidentReplay.Reports.Replay;
using TByte.Functions.IncidentReplay.Shop;

namespace TByte.Functions.IncidentReplay.Replaying;

/// <summary>Looks for the highest load that a shop holds: doubles it until it does not, then halves what lies between.</summary>
internal sealed class CapacitySearch(Stage stage, RunningShop shop)
{
    /// <summary>Milliseconds that 95 % of the requests may take.</summary>
    public const double MostP95 = 500;

    /// <summary>Share of the requests that may fail or be refused.</summary>
    public const double MostErrors = 0.005;

    private const double LeastRate = 5;
    private const double MostRate = 20_000;
    private const int SettleSeconds = 3;

    /// <param name="name">Of the state.</param>
    /// <param name="first">Requests per second to begin with.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<Capacity> RunAsync(string name, double first, CancellationToken cancellationToken)
    {
        List<CapacityStep> steps = [];
        double held = 0;
        double broken = double.PositiveInfinity;
        // The first load of a shop compiles code and opens connections, which is not what is looked for.
        await stage.MeasureAsync(name, Stage.Plan(shop, first, SettleSeconds), cancellationToken);
        for (double rate = first; rate is >= LeastRate and <= MostRate; rate = Next(held, broken))
        {
            CapacityStep step = await TryAsync(name, Math.Round(rate), cancellationToken);
            steps.Add(step);
            if (step.IsHeld)
                held = step.Rate;
            else
                broken = step.Rate;
            if (broken <= held * stage.Scale.Closeness)
                break;
        }

        return new Capacity(held, double.IsFinite(broken), [.. steps.OrderBy(static step => step.Rate)]);
    }

    private static double Next(double held, double broken) => (held, broken) switch
    {
        (0, _) => broken / 2,
        (_, double.PositiveInfinity) => held * 2,
        _ => Math.Sqrt(held * broken),
    };

    private async Task<CapacityStep> TryAsync(string name, double rate, CancellationToken cancellationToken)
    {
        MeasuredRun run = await stage.MeasureAsync(
            name, Stage.Plan(shop, rate, stage.Scale.TrySeconds) with { WarmUpSeconds = SettleSeconds }, cancellationToken);
        RunFigures figures = Figures.Of(run);
        bool isHeld = figures.P95 < MostP95 && figures.ErrorShare < MostErrors;
        stage.Say($"{name}: {rate:N0} requests/s {(isHeld ? "held" : "not held")}: {Figures.Describe(figures)}");
        return new CapacityStep(rate, figures.P95, figures.ErrorShare, figures.DatabaseLoad, isHeld);
    }
}
