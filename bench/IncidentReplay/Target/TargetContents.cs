using TByte.Functions.IncidentReplay.Traffic;

namespace TByte.Functions.IncidentReplay.Target;

/// <summary>What the target has that can be read.</summary>
/// <param name="Products">Ids, at least one.</param>
/// <param name="Pages">Pages of products from the first on.</param>
/// <param name="Orders">Ids; of as many as there are customers, each is the newest order of the customer in its place.</param>
/// <param name="Customers">Ids of users whose orders can be listed.</param>
/// <param name="Notes">What is not read, and why.</param>
internal sealed record TargetContents(
    IReadOnlyList<long> Products,
    IReadOnlyList<ShopRequest> Pages,
    IReadOnlyList<long> Orders,
    IReadOnlyList<long> Customers,
    IReadOnlyList<string> Notes);
