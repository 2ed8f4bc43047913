namespace TByte.Functions.Reports;

/// <summary>What was sold of the products of a category; cancelled orders left out.</summary>
/// <param name="CategoryId">The category.</param>
/// <param name="Category">Its name.</param>
/// <param name="Orders">Orders with at least one of its products.</param>
/// <param name="Quantity">Pieces sold.</param>
/// <param name="Revenue">What they came to at the prices they were sold for, two decimals.</param>
public sealed record CategorySales(long CategoryId, string Category, long Orders, long Quantity, decimal Revenue);

/// <summary>The sales of a time by category, most revenue first.</summary>
/// <param name="From">The first day, UTC.</param>
/// <param name="To">The day after the last one.</param>
/// <param name="Items">Categories of which something was sold.</param>
public sealed record CategorySalesReport(DateOnly From, DateOnly To, IReadOnlyList<CategorySales> Items);
