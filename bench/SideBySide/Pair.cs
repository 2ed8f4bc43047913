using System.Globalization;
using System.Text.Json.Nodes;
using TByte.Functions.Load;

namespace TByte.Functions.SideBySide;

/// <summary>Two servers that are to answer the same, and how much more processor time the first may need.</summary>
/// <param name="Name">How the command line calls it.</param>
/// <param name="Subject">The one whose share is looked at.</param>
/// <param name="Reference">The one it is compared with.</param>
/// <param name="Bound">The most that the ratio may be; null where it is only reported.</param>
internal sealed record Pair(string Name, Contestant Subject, Contestant Reference, double? Bound)
{
    /// <summary>Measures both in turn, so that what the machine does besides hits both.</summary>
    public async Task<PairResult> MeasureAsync(RunPlan plan, CancellationToken cancellationToken)
    {
        await using RunningContestant subject = await RunningContestant.StartAsync(Subject, plan.Connections, cancellationToken);
        await using RunningContestant reference = await RunningContestant.StartAsync(Reference, plan.Connections, cancellationToken);
        for (int i = 0; i < 4; i++)
        {
            await subject.WarmAsync(plan.Requests / 2, cancellationToken);
            await reference.WarmAsync(plan.Requests / 2, cancellationToken);
        }

        if (!JsonNode.DeepEquals(await subject.ReadBodyAsync(cancellationToken), await reference.ReadBodyAsync(cancellationToken)))
            throw new InvalidDataException($"{Name}: the two do not answer the same.");

        List<(double Subject, double Reference)> rounds = [];
        for (int attempt = 0; rounds.Count < plan.Rounds; attempt++)
        {
            double? one = await subject.MeasureAsync(plan.Requests, cancellationToken);
            double? other = await reference.MeasureAsync(plan.Requests, cancellationToken);
            if (one is null || other is null)
            {
                // On a busy machine Redis takes longer than its budget now and then, and the database answers.
                if (attempt == 3 * plan.Rounds)
                    throw new InvalidDataException($"{Name}: most rounds were disturbed; the machine is too busy to measure.");
                continue;
            }

            rounds.Add((one.Value, other.Value));
            Console.Error.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"{Name} {rounds.Count}/{plan.Rounds}: {one:0.0} us, {other:0.0} us, ratio {one / other:0.00}"));
        }

        return new PairResult(this, rounds);
    }
}

/// <summary>How much is measured.</summary>
internal sealed record RunPlan(int Rounds, int Requests, int Connections);

/// <summary>Microseconds of processor time for a request, a pair of figures for each round.</summary>
internal sealed record PairResult(Pair Pair, IReadOnlyList<(double Subject, double Reference)> Rounds)
{
    public double Ratio => Rounds.Select(round => round.Subject / round.Reference).Median();

    public bool IsMet => Pair.Bound is not { } bound || Ratio <= bound;

    public string[] Cells() =>
    [
        Pair.Subject.Title,
        Number(Rounds.Select(round => round.Subject).Median(), "0.0"),
        Pair.Reference.Title,
        Number(Rounds.Select(round => round.Reference).Median(), "0.0"),
        Number(Ratio, "0.00"),
        Number(Rounds.Min(round => round.Subject / round.Reference), "0.00"),
        Number(Rounds.Max(round => round.Subject / round.Reference), "0.00"),
        Pair.Bound is { } bound ? $"<= {Number(bound, "0.00")}: {(IsMet ? "met" : "missed")}" : "",
    ];

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
