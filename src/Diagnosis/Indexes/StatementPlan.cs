namespace TByte.Functions.Diagnosis.Indexes;

/// <summary>A statement and how it is run now.</summary>
/// <param name="Query">The statement.</param>
/// <param name="Plan">Its plan for any values.</param>
/// <param name="TimeShare">Its share in the time of all statements, 0 to 1.</param>
/// <param name="Sites">Where indexes could help.</param>
internal sealed record StatementPlan(WorkloadQuery Query, PlanNode Plan, double TimeShare, IReadOnlyList<ScanSite> Sites)
{
    public double Cost => Plan.TotalCost;

    public bool Reads(TableFacts table) => Sites.Any(site => site.Table.Sql == table.Sql);

    /// <summary>How many rows of a table one call is expected to update.</summary>
    public double UpdatedRows(TableFacts table) => Plan.Tree()
        .Where(node => node.Type == "ModifyTable" && node.Operation is "Update" or "Insert" && node.Schema == table.Schema && node.Table == table.Name)
        .Sum(node => node.Children.Sum(child => child.Rows));
}
