namespace TByte.Functions.Diagnosis.Indexes;

/// <summary>
/// Estimates what a plan would pay for an index, by the planner's own formulas where they are simple. In doubt it is more than the planner's:
/// nothing is assumed to be cached between look-ups, and what two bounds leave is taken for more than the planner takes it for.
/// </summary>
internal static class AccessCost
{
    // The planner's assumptions when the value is not known, but for a range with two ends, of which it assumes 0.005.
    private const double OneSidedShare = 1.0 / 3;
    private const double TwoSidedShare = 0.05;
    private const double ArrayLength = 10;
    private const double OperatorsPerLevel = 50;

    /// <summary>The rows that a look-up finds; null when the index is of no use there.</summary>
    public static double? Rows(ScanSite site, CandidateIndex index) => Match(site, index)?.Rows;

    /// <summary>The cost of what the index would replace, with the index; null when it is of no use there.</summary>
    public static double? Of(ScanSite site, CandidateIndex index, CostSettings costs)
    {
        if (Match(site, index) is not { } match || (site.Order.Count > 0 && !match.IsOrdered))
            return null;

        double rows = Math.Max(1, match.Rows);
        double once = Scan(site, index, rows, costs);
        if (site.Order.Count == 0)
            once = Math.Min(once, Bitmap(site.Table, index, rows, costs));
        else
            once = Math.Max(once * site.LimitShare, Scan(site, index, 1, costs));
        return site.Fixed + (site.Repeats * (once + (site.Repeats > 1 ? rows * costs.Tuple : 0)));
    }

    private static (double Rows, bool IsOrdered)? Match(ScanSite site, CandidateIndex index)
    {
        if (site.Table.Sql != index.Table.Sql || !index.Conditions.All(condition => Implies(site, condition)))
            return null;

        double rows = index.Entries;
        int equal = 0;
        bool ordered = true;
        for (; equal < index.Keys.Count; equal++)
        {
            SiteCondition? condition = site.Conditions.FirstOrDefault(condition => condition.IsEqual && condition.Key == index.Keys[equal].Sql);
            if (condition is null)
                break;
            bool any = condition.Comparison == Comparison.EqualAny;
            ordered &= !any;
            rows *= Math.Min(1, (1 - condition.Column.NullShare) / condition.Column.DistinctValues(site.Table.Rows) * (any ? ArrayLength : 1));
        }

        double range = equal < index.Keys.Count ? Range(site, index.Keys[equal].Sql) : 1;
        rows *= range;
        ordered &= site.Order.Count > 0 && ExistingIndex.StartsWith([.. index.Keys.Skip(equal)], site.Order, equalKeys: 0);
        return equal > 0 || range < 1 || (ordered && site.LimitShare < 1) ? (rows, ordered) : null;
    }

    private static double Range(ScanSite site, string key)
    {
        bool less = site.Conditions.Any(condition => condition.Key == key && condition.Comparison == Comparison.Less);
        bool greater = site.Conditions.Any(condition => condition.Key == key && condition.Comparison == Comparison.Greater);
        return less && greater ? TwoSidedShare : less || greater ? OneSidedShare : 1;
    }

    // A comparison is true of no null.
    private static bool Implies(ScanSite site, IndexCondition condition) => site.Conditions.Any(known =>
        known.Column.Name == condition.Column.Name
        && (known.Comparison == condition.Comparison
            || (condition.Comparison == Comparison.IsNotNull && known.Comparison != Comparison.IsNull && known.Key == known.Column.Sql)));

    private static double Scan(ScanSite site, CandidateIndex index, double rows, CostSettings costs)
    {
        TableFacts table = site.Table;
        double most = HeapPages(table, rows) * costs.RandomPage;
        double least = costs.RandomPage + (Math.Max(0, Math.Ceiling(rows / table.Rows * table.Pages) - 1) * costs.SequentialPage);
        double correlation = index.KeyColumns[0].Correlation * (index.Keys.Count > 1 ? 0.75 : 1);
        double heap = most + (correlation * correlation * (Math.Min(least, most) - most));
        if (IsIndexOnly(site, index))
            heap *= 1 - table.VisibleShare;
        return Index(index, rows, costs) + heap + (rows * (costs.Tuple + (costs.Operator * site.Conditions.Count)));
    }

    private static double Bitmap(TableFacts table, CandidateIndex index, double rows, CostSettings costs)
    {
        double pages = HeapPages(table, rows);
        double page = costs.RandomPage - ((costs.RandomPage - costs.SequentialPage) * Math.Sqrt(pages / Math.Max(1, table.Pages)));
        return Index(index, rows, costs) + (pages * page) + (rows * (costs.Tuple + (costs.Operator * index.Keys.Count)));
    }

    private static double Index(CandidateIndex index, double rows, CostSettings costs)
    {
        double levels = Math.Ceiling(Math.Log(Math.Max(2, index.Pages), Math.Max(2, index.EntriesPerPage)));
        double descent = (Math.Ceiling(Math.Log2(index.Entries + 1)) + ((levels + 1) * OperatorsPerLevel)) * costs.Operator;
        double pages = Math.Ceiling(rows / index.EntriesPerPage);
        return descent + (pages * costs.RandomPage) + (rows * (costs.IndexTuple + (costs.Operator * index.Keys.Count)));
    }

    // Mackert and Lohman: rows that lie anywhere share some pages.
    private static double HeapPages(TableFacts table, double rows) =>
        Math.Clamp(2 * table.Pages * rows / ((2 * table.Pages) + rows), 1, Math.Max(1, table.Pages));

    private static bool IsIndexOnly(ScanSite site, CandidateIndex index) =>
        site.Needed is { } needed
        && needed.All(column => index.IncludeColumns.Any(included => included.Name == column)
            || index.Keys.Any(key => key.Sql == site.Table.Columns[column].Sql));
}
