namespace TByte.Functions.Diagnosis.Indexes;

/// <summary>A step of a plan, and all above it.</summary>
internal sealed record PlanPath(PlanNode Node, PlanPath? Parent)
{
    public PlanNode Root => Parent?.Root ?? Node;

    /// <summary>The first step above that is not one of these.</summary>
    public PlanPath? Above(Func<PlanNode, bool> isPassed)
    {
        PlanPath? above = Parent;
        while (above is not null && isPassed(above.Node))
            above = above.Parent;
        return above;
    }

    /// <summary>Whether the order of its rows may matter to a step above, or to who asked.</summary>
    public bool OrderMayMatter()
    {
        for (PlanPath child = this; child.Parent is { } parent; child = parent)
        {
            bool isLookedUp = child.Node.IsInner && parent.Node.Type == "Nested Loop";
            if (isLookedUp || parent.Node.Blocks || child.Node.Relationship is "SubPlan" or "InitPlan")
                return false;
            if (parent.Node.Type is "Limit" or "Merge Join" or "GroupAggregate" or "Unique" or "WindowAgg" or "Merge Append" or "Incremental Sort")
                return true;
        }
        return true;
    }

    /// <summary>How often it runs while the statement runs once; less than once when a limit ends it early.</summary>
    public double Weight()
    {
        double weight = 1;
        bool isReadWhole = false;
        for (PlanPath child = this; child.Parent is { } parent; child = parent)
        {
            if (child.Node.IsInner && parent.Node.Type == "Nested Loop" && child.Node.Type is not ("Materialize" or "Memoize"))
            {
                weight *= Math.Max(1, parent.Node.Children.First(node => !node.IsInner).Rows);
                isReadWhole = false;
            }
            else if (child.Node.Relationship == "SubPlan")
            {
                bool once = parent.Node.Conditions.Any(condition => condition.Contains("hashed SubPlan", StringComparison.Ordinal));
                weight *= once ? 1 : Math.Clamp(parent.Node.Rows, 1, Math.Max(1, parent.Node.TotalCost / Math.Max(1, child.Node.TotalCost)));
            }
            else if (parent.Node.Type == "Limit" && !isReadWhole && child.Node.TotalCost > 0)
            {
                weight *= Math.Min(1, parent.Node.TotalCost / child.Node.TotalCost);
            }
            isReadWhole |= parent.Node.Blocks;
        }
        return weight;
    }
}
