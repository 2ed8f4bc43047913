using System.Diagnostics;
using TByte.Functions.IncidentReplay.Reports.Replay;
using TByte.Functions.IncidentReplay.Traffic;

namespace TByte.Functions.IncidentReplay.Replaying.Outages;

/// <summary>Something that is done in the middle of a load.</summary>
/// <param name="At">Seconds from the start of the load.</param>
/// <param name="Label">What is done.</param>
/// <param name="Do">Does it.</param>
internal sealed record Fault(double At, string Label, Func<CancellationToken, Task> Do);

/// <summary>A load, and what was done in the middle of it.</summary>
internal sealed record FaultyRun(MeasuredRun Run, IReadOnlyList<OutageMark> Marks)
{
    /// <param name="stage">Where.</param>
    /// <param name="name">Of the run in the report.</param>
    /// <param name="plan">What is sent.</param>
    /// <param name="faults">In the order of time.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<FaultyRun> MeasureAsync(
        Stage stage, string name, LoadPlan plan, IReadOnlyList<Fault> faults, CancellationToken cancellationToken)
    {
        Stopwatch run = Stopwatch.StartNew();
        Task<MeasuredRun> load = stage.MeasureAsync(name, plan, cancellationToken);
        List<OutageMark> marks = [];
        try
        {
            foreach (Fault fault in faults)
            {
                TimeSpan wait = TimeSpan.FromSeconds(fault.At) - run.Elapsed;
                if (wait > TimeSpan.Zero)
                    await Task.Delay(wait, cancellationToken);
                await fault.Do(cancellationToken);
                marks.Add(new OutageMark(Math.Round(run.Elapsed.TotalSeconds, 1), fault.Label));
                stage.Say($"{fault.At,5:0} s: {fault.Label}");
            }
        }
        finally
        {
            // A failure in the middle must not leave the load behind.
            await Task.WhenAny(load);
        }

        return new FaultyRun(await load, marks);
    }
}
