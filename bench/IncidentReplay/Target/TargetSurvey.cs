using System.Net;
using TByte.Functions.IncidentReplay.Traffic;
using TByte.Functions.LocalHost.Supervision;

namespace TByte.Functions.IncidentReplay.Target;

/// <summary>Finds out what the target has: products by following its pages, customers and orders by asking for the first numbers, and further orders from the customers' lists.</summary>
internal sealed class TargetSurvey(TargetClient client)
{
    private const int MostPages = 10;
    private const int PageLength = 100;
    private const int Probed = 50;

    private readonly List<string> _notes = [];

    /// <param name="withToken">Whether orders can be asked for.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <exception cref="TargetException">The target does not answer, or not as the shop does.</exception>
    /// <exception cref="UsageException">The target does not accept the token.</exception>
    public async Task<TargetContents> RunAsync(bool withToken, CancellationToken cancellationToken)
    {
        (long[] products, ShopRequest[] pages) = await ReadPagesAsync(cancellationToken);
        if (!withToken)
        {
            _notes.Add("Only products are read: no token was given, so nothing is known of orders.");
            return new TargetContents(products, pages, [], [], _notes);
        }

        HashSet<long> orders = [];
        IReadOnlyList<long> customers = await ProbeAsync(
            "lists of a user's orders", ShopRequest.OrdersOf, body => orders.UnionWith(ListPage.Parse(body).Ids), cancellationToken);
        orders.UnionWith(await ProbeAsync("orders", ShopRequest.Order, static _ => { }, cancellationToken));
        return new TargetContents(products, pages, [.. orders], customers, _notes);
    }

    private async Task<(long[] Products, ShopRequest[] Pages)> ReadPagesAsync(CancellationToken cancellationToken)
    {
        HashSet<long> products = [];
        List<ShopRequest> pages = [];
        string? after = null;
        do
        {
            (Answer answer, byte[] body) = await client.ReadAsync(ShopRequest.Page(after, PageLength), cancellationToken);
            if (answer.IsLimited && products.Count > 0)
            {
                _notes.Add("The target refuses already while it is looked at (429): fewer products are read than it has.");
                break;
            }

            if (answer is not { Status: (int)HttpStatusCode.OK, Failure: null })
                throw new TargetException($"The target cannot be measured: a page of products: {Reason(answer)}.");
            ListPage page = ListPage.Parse(body);
            products.UnionWith(page.Ids);
            // Clients read pages of the usual length.
            pages.Add(ShopRequest.Page(after));
            after = page.Next;
        }
        while (after is not null && pages.Count < MostPages);

        return products.Count > 0
            ? ([.. products], [.. pages])
            : throw new TargetException("The target cannot be measured: it has no products.");
    }

    private async Task<IReadOnlyList<long>> ProbeAsync(
        string what, Func<long, ShopRequest> request, Action<byte[]> read, CancellationToken cancellationToken)
    {
        List<long> found = [];
        for (long id = 1; id <= Probed; id++)
        {
            (Answer answer, byte[] body) = await client.ReadAsync(request(id), cancellationToken);
            if (answer.IsLimited)
            {
                _notes.Add($"The target refuses already while it is looked at (429): not all {what} are known.");
                return found;
            }

            switch (answer.Status)
            {
                case (int)HttpStatusCode.OK:
                    read(body);
                    found.Add(id);
                    break;
                case (int)HttpStatusCode.NotFound:
                    break;
                case (int)HttpStatusCode.Unauthorized or (int)HttpStatusCode.Forbidden:
                    throw new UsageException($"The target does not accept the token: {Reason(answer)}.");
                default:
                    throw new TargetException($"The target cannot be measured: {request(id).Path}: {Reason(answer)}.");
            }
        }

        if (found.Count == 0)
            _notes.Add($"No {what} are read: with the token there are none from 1 to {Probed}. Has it the role orders.read?");
        return found;
    }

    private static string Reason(Answer answer) => answer switch
    {
        { IsLimited: true } => "status 429, its rate limits are used up before the load has begun",
        { Status: >= 300 and < 400 } => $"status {answer.Status}, and redirects are not followed",
        _ => answer.Error ?? $"status {answer.Status}",
    };
}
