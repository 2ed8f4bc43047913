using System.Globalization;
using System.Security.Claims;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace TByte.Functions.Api.Edge;

/// <summary>Who calls, by a valid bearer token.</summary>
/// <remarks>Roles come from <c>roles</c> (Entra) or <c>role</c> (<c>dotnet user-jwts</c>), the user's number from <c>sub</c>.</remarks>
internal sealed class Caller(ClaimsPrincipal principal)
{
    /// <summary>Whom the token was given to; null when it does not say.</summary>
    public string? Subject { get; } = principal.FindFirstValue("sub");

    /// <summary>The shop's user; null for a caller that is none, such as a service.</summary>
    public long? UserId { get; } =
        long.TryParse(principal.FindFirstValue("sub"), NumberStyles.None, CultureInfo.InvariantCulture, out long id) ? id : null;

    /// <summary>Null without a valid token.</summary>
    public static async ValueTask<Caller?> OfAsync(HttpRequest request)
    {
        if (request.Headers.Authorization.Count == 0)
            return null;

        AuthenticateResult result = await request.HttpContext.AuthenticateAsync();
        return result.Succeeded ? new Caller(result.Principal) : null;
    }

    public bool HasRole(string role) => principal.HasClaim("roles", role) || principal.HasClaim("role", role);

    /// <summary>Whether the caller may see what belongs to a user.</summary>
    public bool MaySee(long? owner) => (owner is not null && owner == UserId) || HasRole(Roles.ReadOrders);
}

/// <summary>The roles that a token may carry.</summary>
internal static class Roles
{
    public const string WriteCatalog = "catalog.write";
    public const string ReadOrders = "orders.read";
    public const string ReadReports = "reports.read";
}
