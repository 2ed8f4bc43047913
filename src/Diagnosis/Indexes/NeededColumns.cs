namespace TByte.Functions.Diagnosis.Indexes;

/// <summary>Finds which columns of a table a plan needs.</summary>
internal static class NeededColumns
{
    /// <summary>Their names; null when the row itself is needed.</summary>
    public static IReadOnlySet<string>? Of(PlanPath scan, TableFacts table)
    {
        PlanNode[] plan = [.. scan.Root.Tree()];
        if (plan.Any(node => node.Type is "ModifyTable" or "LockRows"))
            return null;

        // A scan itself may return all columns, which costs it nothing; what others make of them is what counts.
        IEnumerable<string> texts = plan
            .Where(node => node != scan.Node || scan.Parent is null)
            .SelectMany(node => node.Output.Concat(node.SortKey).Concat(node.Conditions))
            .Concat(scan.Node.Conditions);
        bool alone = plan.Select(node => node.Alias).OfType<string>().Distinct().Count() == 1;

        HashSet<string> needed = [];
        foreach (string text in texts)
        {
            List<SqlToken> tokens = SqlTokenizer.Tokenize(text);
            foreach (ColumnReference reference in new SqlSlice(tokens).References())
            {
                if (reference.Alias == scan.Node.Alias)
                    needed.Add(reference.Column);
            }
            // With one table in the plan, its columns are written without its name.
            if (alone)
                needed.UnionWith(tokens.Where(token => token.IsName && table.Columns.ContainsKey(token.Text)).Select(token => token.Text));
        }
        // A whole row, or a column of the system.
        return needed.All(table.Columns.ContainsKey) ? needed : null;
    }
}
