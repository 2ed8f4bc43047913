namespace TByte.Functions.Diagnosis.Indexes;

/// <summary>Makes of what statements ask for the indexes that might serve them.</summary>
internal static class CandidateFinder
{
    private const int MostEqualKeys = 3;
    private const int MostKeys = 5;
    private const int MostRanges = 2;
    private const int MostIncluded = 4;
    private const double WidestInclude = 64;

    // A condition that nearly every row fulfils makes no smaller index.
    private const double WorthLeavingOut = 0.01;

    // To spare a look-up a page of the table or two is not worth a wider index.
    private const double WorthIncluding = 2;

    /// <summary>Indexes that no index of the table covers.</summary>
    public static IReadOnlyList<CandidateIndex> Find(IEnumerable<ScanSite> sites)
    {
        List<CandidateIndex> candidates = [.. sites.SelectMany(Of)];
        candidates.AddRange(candidates.SelectMany(candidate => Shared(candidate, candidates)).ToArray());
        return [.. candidates
            .Where(candidate => !candidate.Table.Indexes.Any(index => index.Covers(candidate)))
            .DistinctBy(candidate => candidate.Name)];
    }

    private static IEnumerable<CandidateIndex> Of(ScanSite site)
    {
        IndexCondition[] partial = [.. Partial(site)];
        foreach ((List<(IndexKey Key, ColumnFacts Column)> keys, int equal) in KeyLists(site))
        {
            CandidateIndex whole = new(site.Table, [.. keys.Select(key => key.Key)], equal, [.. keys.Select(key => key.Column)], [], []);
            IndexCondition[] conditions = [.. partial.Where(condition => !whole.Holds(condition.Column.Name))];
            CandidateIndex[] narrow = conditions.Length == 0 ? [whole] : [whole, whole with { Conditions = conditions }];
            foreach (CandidateIndex candidate in narrow)
            {
                yield return candidate;
                if (WithInclude(site, candidate) is { } wide)
                    yield return wide;
            }
        }
    }

    // Equality first, then the order, or else one range: behind a range nothing is in order.
    private static IEnumerable<(List<(IndexKey Key, ColumnFacts Column)> Keys, int Equal)> KeyLists(ScanSite site)
    {
        List<(IndexKey, ColumnFacts)> equal = [.. site.Conditions
            .Where(condition => condition.IsEqual)
            .DistinctBy(condition => condition.Key)
            .OrderByDescending(condition => condition.Column.DistinctValues(site.Table.Rows))
            .ThenBy(condition => condition.Column.Number)
            .Take(MostEqualKeys)
            .Select(condition => (new IndexKey(condition.Key), condition.Column))];

        (IndexKey Key, ColumnFacts? Column)[] order =
            [.. site.Order.Select(key => (key, site.Table.Columns.Values.FirstOrDefault(column => column.Sql == key.Sql)))];
        if (order.Length > 0 && equal.Count + order.Length <= MostKeys && order.All(key => key.Column is not null))
            yield return ([.. equal, .. order.Select(key => (key.Key, key.Column!))], equal.Count);
        foreach (SiteCondition range in site.Conditions
            .Where(condition => condition.IsRange && !equal.Exists(key => key.Item1.Sql == condition.Key))
            .DistinctBy(condition => condition.Key)
            .Take(MostRanges))
            yield return ([.. equal, (new IndexKey(range.Key), range.Column)], equal.Count);
        if (equal.Count > 0)
            yield return (equal, equal.Count);
    }

    private static IEnumerable<IndexCondition> Partial(ScanSite site) => site.Conditions
        .Where(condition => condition.Comparison is Comparison.IsTrue or Comparison.IsFalse or Comparison.IsNull or Comparison.IsNotNull)
        .DistinctBy(condition => condition.Key)
        .Select(condition => new IndexCondition(condition.Column, condition.Comparison))
        .Where(condition => condition.Share < 1 - WorthLeavingOut)
        .OrderBy(condition => condition.Column.Number);

    private static CandidateIndex? WithInclude(ScanSite site, CandidateIndex candidate)
    {
        if (site.Needed is null || AccessCost.Rows(site, candidate) is not > WorthIncluding)
            return null;
        ColumnFacts[] rest = [.. site.Needed
            .Select(column => site.Table.Columns[column])
            .Where(column => candidate.Keys.All(key => key.Sql != column.Sql))
            .OrderBy(column => column.Number)];
        return rest.Length is > 0 and <= MostIncluded && rest.Sum(column => column.Width) <= WidestInclude
            ? candidate with { IncludeColumns = rest }
            : null;
    }

    // With the columns that another statement compares too in front, one index serves both.
    private static IEnumerable<CandidateIndex> Shared(CandidateIndex candidate, List<CandidateIndex> others)
    {
        foreach (CandidateIndex other in others)
        {
            if (other.Table.Sql != candidate.Table.Sql || other.EqualKeys != other.Keys.Count || other.EqualKeys >= candidate.EqualKeys
                || !other.Keys.All(key => candidate.Keys.Take(candidate.EqualKeys).Contains(key)))
                continue;
            int[] order = [.. Enumerable.Range(0, candidate.Keys.Count)
                .OrderBy(i => i >= candidate.EqualKeys ? 2 : other.Keys.Contains(candidate.Keys[i]) ? 0 : 1)];
            yield return candidate with
            {
                Keys = [.. order.Select(i => candidate.Keys[i])],
                KeyColumns = [.. order.Select(i => candidate.KeyColumns[i])],
            };
        }
    }
}
