using TByte.Functions.IncidentReplay.Reports.Replay;
using TByte.Functions.IncidentReplay.Shop;

namespace TByte.Functions.IncidentReplay.Replaying;

/// <summary>Each remedy alone, and all others without it, after the same peak and under the same load.</summary>
internal sealed class Ablation(Stage stage, double rate)
{
    /// <returns>Those first that buy most alone: errors, then latency.</returns>
    public async Task<IReadOnlyList<RemedyGain>> RunAsync(CancellationToken cancellationToken)
    {
        List<RemedyGain> gains = [];
        foreach (Remedy remedy in Enum.GetValues<Remedy>())
        {
            gains.Add(new RemedyGain(
                remedy.Name(),
                remedy.Description(),
                await MeasureAsync($"{remedy.Name()} alone", ShopState.Only(remedy), cancellationToken),
                await MeasureAsync($"all but {remedy.Name()}", ShopState.AllBut(remedy), cancellationToken)));
        }

        return [.. gains.OrderBy(static gain => gain.Alone.ErrorShare + gain.Alone.P95 / CapacitySearch.MostP95)];
    }

    private async Task<RunFigures> MeasureAsync(string name, ShopState state, CancellationToken cancellationToken)
    {
        await using RunningShop shop = await stage.OpenAsync(state, cancellationToken);
        MeasuredRun run = await stage.MeasureAsync(name, stage.PlanAfterPeak(shop, rate, stage.Scale.AblationSeconds), cancellationToken);
        RunFigures figures = Figures.Of(run);
        stage.Say($"{name}: {Figures.Describe(figures)}");
        return figures;
    }
}
