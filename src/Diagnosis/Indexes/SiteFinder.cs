namespace TByte.Functions.Diagnosis.Indexes;

/// <summary>Finds in a plan where an index could help.</summary>
internal sealed class SiteFinder(IReadOnlyDictionary<(string Schema, string Name), TableFacts> tables, IReadOnlySet<string> immutable)
{
    private const double WidestKey = 128;

    /// <summary>All places, also those that an index cannot do better.</summary>
    public IReadOnlyList<ScanSite> Find(PlanNode plan)
    {
        List<ScanSite> sites = [];
        Visit(new PlanPath(plan, null), sites);
        return sites;
    }

    private void Visit(PlanPath path, List<ScanSite> sites)
    {
        if (path.Node.IsScan && tables.TryGetValue((path.Node.Schema ?? "", path.Node.Table!), out TableFacts? table)
            && table is { Kind: TableKind.Ordinary, IsSmall: false })
        {
            IReadOnlySet<string>? needed = NeededColumns.Of(path, table);
            IReadOnlyList<SiteCondition> conditions = [.. Conditions(path.Node.Conditions, path.Node, table, other => true)];
            sites.Add(Site(path, path, table, conditions, needed) with { Order = OrderNow(path, table, conditions) });
            if (Sorted(path, table, conditions, needed) is { } sorted)
                sites.Add(sorted);
            if (Probed(path, table, conditions, needed) is { } probed)
                sites.Add(probed);
        }
        foreach (PlanNode child in path.Node.Children)
            Visit(new PlanPath(child, path), sites);
    }

    private static ScanSite Site(
        PlanPath scan, PlanPath replaced, TableFacts table, IReadOnlyList<SiteCondition> conditions, IReadOnlySet<string>? needed) =>
        new(scan.Node, table, conditions, [], LimitShare: 1, replaced.Node.TotalCost, Fixed: 0, Repeats: 1, replaced.Weight(), needed);

    // The order that an index gives now, unless nobody can need it.
    private static IReadOnlyList<IndexKey> OrderNow(PlanPath scan, TableFacts table, IReadOnlyList<SiteCondition> conditions)
    {
        if (scan.Node.Index is null || !scan.OrderMayMatter() || table.Indexes.FirstOrDefault(index => index.IsNamed(scan.Node.Index)) is not { } used)
            return [];
        HashSet<string> equal = Equal(conditions);
        IEnumerable<IndexKey> rest = used.Keys.Where(key => !equal.Contains(key.Sql));
        return [.. scan.Node.IsBackward ? rest.Select(key => key.Reversed()) : rest];
    }

    private static HashSet<string> Equal(IEnumerable<SiteCondition> conditions) =>
        [.. conditions.Where(condition => condition.Comparison == Comparison.Equal).Select(condition => condition.Key)];

    // The sort above a scan, and the limit above that.
    private ScanSite? Sorted(PlanPath scan, TableFacts table, IReadOnlyList<SiteCondition> conditions, IReadOnlySet<string>? needed)
    {
        if (scan.Above(node => node.Type is "Result" or "Gather" or "Gather Merge") is not { Node.IsSort: true } sort)
            return null;

        HashSet<string> equal = Equal(conditions);
        List<IndexKey> order = [];
        foreach (string text in sort.Node.SortKey)
        {
            if (SortKey.Parse(text) is not { } key || key.Column.Alias != scan.Node.Alias
                || Key(new KeyExpression(key.Column), table) is not { } column)
                return null;
            if (!equal.Contains(column.Key))
                order.Add(new IndexKey(column.Key, key.Descending, key.NullsFirst));
        }

        PlanPath top = sort.Parent is { Node.Type: "Limit" } limit ? limit : sort;
        double share = top == sort ? 1 : Math.Clamp(top.Node.Rows / Math.Max(1, sort.Node.Rows), 0, 1);
        return order.Count == 0 ? null : Site(scan, top, table, conditions, needed) with { Order = order, LimitShare = share };
    }

    // The join above a scan, when the table could instead be looked up for each row of the other side.
    private ScanSite? Probed(PlanPath scan, TableFacts table, IReadOnlyList<SiteCondition> conditions, IReadOnlySet<string>? needed)
    {
        PlanPath side = scan;
        while (side.Parent is { Node.Type: "Hash" or "Sort" or "Materialize" or "Gather" } above)
            side = above;
        if (side.Parent is not { Node.IsJoin: true } join || join.Node.Children.FirstOrDefault(child => child != side.Node) is not { } other
            || !CanBeProbed(join.Node, side.Node))
            return null;

        HashSet<string> others = [.. other.Tree().Select(node => node.Alias).OfType<string>()];
        SiteCondition[] joined = [.. Conditions(join.Node.Conditions, scan.Node, table, others.Contains)
            .Where(condition => condition.Comparison == Comparison.Equal)];
        return joined.Length == 0 ? null : Site(scan, join, table, [.. conditions, .. joined], needed) with
        {
            Fixed = other.TotalCost,
            Repeats = Math.Max(1, other.Rows),
        };
    }

    private static bool CanBeProbed(PlanNode join, PlanNode side) => join.JoinType switch
    {
        // The inner side of a nested loop may take values from the outer one, which must then come first.
        "Inner" => side.IsInner || join.Type != "Nested Loop",
        "Left" or "Semi" or "Anti" => side.IsInner,
        "Right" => !side.IsInner,
        _ => false,
    };

    private IEnumerable<SiteCondition> Conditions(IReadOnlyList<string> texts, PlanNode scan, TableFacts table, Func<string, bool> isThere)
    {
        foreach (Condition condition in texts.SelectMany(ConditionParser.Parse))
        {
            if (condition.Key.Column.Alias == scan.Alias && condition.OtherAliases.All(isThere) && Key(condition.Key, table) is { } key)
                yield return new SiteCondition(key.Key, key.Column, condition.Comparison);
        }
    }

    private (string Key, ColumnFacts Column)? Key(KeyExpression key, TableFacts table)
    {
        if (!table.Columns.TryGetValue(key.Column.Column, out ColumnFacts? column) || !column.IsOrdered || column.Width > WidestKey)
            return null;
        // The only cast that changes nothing: between varchar, which has no operators of its own, and text.
        if (key.Cast is not null && (key.Cast, column.Type) is not ("text", "varchar"))
            return null;
        if (key.Function is null)
            return (column.Sql, column);
        return immutable.Contains(key.Function) ? ($"{key.Function}({(key.Cast is null ? column.Sql : $"({column.Sql})::{key.Cast}")})", column) : null;
    }
}
