using System.Linq;
using System.Text.Json.Serialization;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using TByte.Functions.Api.Edge;
using TByte.Functions.Users;

namespace TByte.Functions.Api.Users;

/// <summary>Users over HTTP, for those who may read everybody's orders.</summary>
public sealed class UserFunctions(UserDirectory users)
{
    private const int MostEmailLength = 320;

    /// <summary>The active user with an address.</summary>
    [Function("GetUserByEmail")]
    public async Task<IResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", "head", Route = "v1/users")] HttpRequest request)
    {
        if (await Caller.OfAsync(request) is not { } caller)
            return Problem.Unauthorized();
        if (!caller.HasRole(Roles.ReadOrders))
            return Problem.Forbidden(Roles.ReadOrders);
        if (!new RequestInput(request).TryReadOne("email", out string? email, out IResult? problem))
            return problem;
        if (email is not { Length: > 2 and <= MostEmailLength } || !email.Contains('@') || email.Any(char.IsControl))
            return Problem.BadRequest("email must be given: an address of 3 to 320 characters.");

        return await users.FindByEmailAsync(email, request.HttpContext.RequestAborted) is { } user
            ? DerivedResult.Of(user, UserJson.Default.User)
            : Problem.NotFound("There is no active user with this address.");
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(User))]
internal sealed partial class UserJson : JsonSerializerContext;
