using TByte.Functions.IncidentReplay.Reports.Replay;
using TByte.Functions.IncidentReplay.Shop;

namespace TByte.Functions.IncidentReplay.Replaying;

/// <summary>Finds a load under which the incident's state shows the incident: as many requests fail as then, and the others are slow.</summary>
internal sealed class OfferedLoad(Stage stage, RunningShop incident)
{
    private const double Step = 1.4;

    // Where a load is not held any more, only the slowest requests fail.
    private const double Begin = 2;
    private const int MostTries = 8;
    private const int TrySeconds = 20;

    /// <param name="held">Requests per second that this state still holds.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>Requests per second; the last that was tried when none shows it well.</returns>
    public async Task<double> FindAsync(double held, CancellationToken cancellationToken)
    {
        double tooLittle = held * Begin / Step;
        double tooMuch = double.PositiveInfinity;
        double rate = held;
        for (int tries = 0; tries < MostTries; tries++)
        {
            rate = Math.Round(double.IsFinite(tooMuch) ? Math.Sqrt(tooLittle * tooMuch) : tooLittle * Step);
            MeasuredRun run = await stage.MeasureAsync("incident", stage.PlanAfterPeak(incident, rate, TrySeconds), cancellationToken);
            RunFigures figures = Figures.Of(run);
            stage.Say($"the incident at {rate:N0} requests/s: {Figures.Describe(figures)}");
            bool isSlow = figures.P95 >= Verdict.IncidentP95;
            if (isSlow && figures.ErrorShare is >= Verdict.LeastFailed and <= Verdict.MostFailed)
                break;
            if (figures.ErrorShare < Verdict.LeastFailed)
                tooLittle = rate;
            else
                tooMuch = rate;
        }

        return rate;
    }
}
