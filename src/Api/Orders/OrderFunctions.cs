using System;
using System.Globalization;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using TByte.Functions.Api.Edge;
using TByte.Functions.Api.Edge.Paging;
using TByte.Functions.Caching;
using TByte.Functions.Orders;
using TByte.Functions.Paging;

namespace TByte.Functions.Api.Orders;

/// <summary>Orders over HTTP. What the caller may not see does not exist for the caller.</summary>
public sealed class OrderFunctions(OrderHistory orders)
{
    /// <summary>One order with its items.</summary>
    [Function("GetOrder")]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "v1/orders/{id}")] HttpRequest request)
    {
        if (await Caller.OfAsync(request) is not { } caller)
            return Problem.Unauthorized();
        if (!new RequestInput(request).TryReadId(out long id, out IResult? problem))
            return problem;

        CacheAnswer answer = await orders.GetAsync(id, request.HttpContext.RequestAborted);
        return answer.Representation is { } order && caller.MaySee(order.Owner)
            ? new RepresentationResult(answer, order, CacheControl.PrivateRevalidate, vary: "Authorization")
            : Problem.NotFound($"There is no order {id}.");
    }

    /// <summary>A page of a user's orders, newest first.</summary>
    [Function("GetOrdersOfUser")]
    public async Task<IResult> GetPageAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "v1/users/{id}/orders")] HttpRequest request)
    {
        if (await Caller.OfAsync(request) is not { } caller)
            return Problem.Unauthorized();

        RequestInput input = new(request);
        if (!input.TryReadId(out long user, out IResult? problem)
            || !input.TryReadLimit(OrderPageQuery.MostItems, out int limit, out problem)
            || !input.TryReadOne("after", out string? after, out problem))
        {
            return problem;
        }

        OrderCursor? cursor = null;
        if (after is not null)
        {
            if (!Cursor.TryRead(after, out DateTimeOffset createdAt, out long order))
                return Problem.BadRequest("after must be the next of a page of orders.");
            cursor = new OrderCursor(createdAt, order);
        }

        if (!caller.MaySee(user))
            return NoUser(user);

        CacheAnswer answer = await orders.GetPageAsync(
            user, new OrderPageQuery { Limit = limit, After = cursor }, request.HttpContext.RequestAborted);
        if (answer.Representation is not { } page)
            return NoUser(user);

        string list = string.Create(CultureInfo.InvariantCulture, $"/api/v1/users/{user}/orders?limit={limit}");
        PageLinks.Write(request.HttpContext.Response, list, isFirst: cursor is null, page);
        return new RepresentationResult(answer, page, CacheControl.PrivateRevalidate, vary: "Authorization");
    }

    private static IResult NoUser(long user) => Problem.NotFound($"There is no user {user}.");
}
