namespace TByte.Functions.Diagnosis.Indexes;

/// <summary>
/// Chooses indexes one by one: each time the one that saves most beside those already chosen, or a smaller one that is nearly as good.
/// </summary>
/// <param name="statements">The workload.</param>
/// <param name="proof">What statements cost with indexes.</param>
/// <param name="writes">What indexes cost writers.</param>
/// <param name="hasTime">Whether there is time left to go on.</param>
internal sealed class IndexSelection(IReadOnlyList<StatementPlan> statements, IIndexProof proof, WriteCosts writes, Func<bool> hasTime)
{
    /// <summary>What an index must save of the time of all statements.</summary>
    public const double LeastShare = 0.02;

    private const int MostIndexes = 8;
    private const double SureGain = 0.05;

    // Of what is left, or of what is gained, whichever is less.
    private const double NearlyAsGood = 0.002;

    /// <summary>An index and the share of all statements' time that it saves beside those chosen before, 0 to 1.</summary>
    public async Task<IReadOnlyList<(CandidateIndex Index, double TimeShare)>> ChooseAsync(
        IReadOnlyList<CandidateIndex> candidates, CancellationToken cancellationToken)
    {
        List<(CandidateIndex Index, double TimeShare)> chosen = [];
        List<CandidateIndex> left = [.. candidates];
        Dictionary<StatementPlan, double> costs = statements.ToDictionary(statement => statement, statement => statement.Cost);
        while (chosen.Count < MostIndexes && left.Count > 0)
        {
            CandidateIndex[] before = [.. chosen.Select(choice => choice.Index)];
            List<Trial> trials = [];
            foreach (CandidateIndex candidate in left)
            {
                if (!hasTime())
                    return chosen;
                trials.Add(await TryAsync(candidate, before, costs, cancellationToken).ConfigureAwait(false));
            }

            // What does not pay now pays less beside others.
            left.RemoveAll(candidate => trials.Exists(trial => trial.Index == candidate && trial.Net < LeastShare));
            if (Best(trials) is not { } best)
                break;
            chosen.Add((best.Index, best.Net));
            foreach ((StatementPlan statement, double cost) in best.Costs)
                costs[statement] = cost;
            left.RemoveAll(best.Index.Covers);
        }
        return [.. chosen.Where(choice => !chosen.Exists(other => other.Index != choice.Index && other.Index.Covers(choice.Index)))];
    }

    private async Task<Trial> TryAsync(
        CandidateIndex candidate, CandidateIndex[] before, Dictionary<StatementPlan, double> costs, CancellationToken cancellationToken)
    {
        Dictionary<StatementPlan, double> after = [];
        double saved = 0, left = 0;
        foreach (StatementPlan statement in statements.Where(statement => statement.Reads(candidate.Table) && statement.Cost > 0))
        {
            double cost = await proof.CostAsync(statement, [.. before, candidate], cancellationToken).ConfigureAwait(false);
            if (cost > costs[statement] * (1 - SureGain))
                continue;
            after[statement] = cost;
            saved += statement.TimeShare * (costs[statement] - cost) / statement.Cost;
            left += statement.TimeShare * cost / statement.Cost;
        }
        return new Trial(candidate, saved - writes.ShareOf(candidate), left, after);
    }

    private static Trial? Best(List<Trial> trials)
    {
        if (trials.MaxBy(trial => trial.Net) is not { Net: >= LeastShare } best)
            return null;
        double tolerance = Math.Min(best.Left, best.Net) * NearlyAsGood;
        return trials
            .Where(trial => trial.Net >= best.Net - tolerance)
            .OrderBy(trial => trial.Index.EstimatedBytes)
            .ThenBy(trial => trial.Index.Name)
            .First();
    }

    private sealed record Trial(CandidateIndex Index, double Net, double Left, Dictionary<StatementPlan, double> Costs);
}
