using TByte.Functions.IncidentReplay.Replaying;
using TByte.Functions.IncidentReplay.Reports;
using TByte.Functions.IncidentReplay.Reports.Replay;
using TByte.Functions.IncidentReplay.Tests.Reports;

namespace TByte.Functions.IncidentReplay.Tests.Replaying;

public sealed class FiguresTests
{
    private static readonly MeasuredRun Run = WithTimeline(
        [Step(0, 100, errors: 0, limited: 0, 5), Step(1, 100, 10, 0, 50), Step(2, 100, 0, 5, 500), Step(3, 100, 0, 0, 7)]);

    [Fact]
    public void The_second_in_which_something_happens_belongs_to_what_comes_of_it()
    {
        Assert.Equal(0.9, Figures.AnsweredShare(Run, 1.7, 2.2), 3);
        Assert.Equal(0.925, Figures.AnsweredShare(Run, 1.7, 3.9), 3);
        Assert.Equal((0, 15, 0), (Figures.Failed(Run, 0, 1.2), Figures.Failed(Run, 1.2, 3.5), Figures.Failed(Run, 3.5, 4)));
    }

    [Fact]
    public void The_worst_second_is_the_one_with_the_longest_p95()
    {
        Assert.Equal(500, Figures.WorstP95(Run, 0, 4));
        Assert.Equal(5, Figures.WorstP95(Run, 0, 1));
        Assert.Null(Figures.WorstP95(Run, 4, 9));
    }

    [Fact]
    public void Of_nothing_everything_is_answered() => Assert.Equal(1, Figures.AnsweredShare(Run, 7, 9));

    private static MeasuredRun WithTimeline(IReadOnlyList<StepFigures> steps)
    {
        MeasuredRun run = MadeUpRun.Before("before");
        return run with { Load = run.Load with { Timeline = steps } };
    }

    private static StepFigures Step(double at, long requests, long errors, long limited, double p95) =>
        new(at, requests, errors, limited, new LatencyFigures(1, p95, p95, p95), HitRatio: null);
}
