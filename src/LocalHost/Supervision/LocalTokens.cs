using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace TByte.Functions.LocalHost.Supervision;

/// <summary>Mints bearer tokens for development, and says with which settings an app accepts them.</summary>
internal sealed class LocalTokens(byte[] key, TimeProvider time)
{
    public const string Issuer = "tbyte-local";
    public const string Audience = "tbyte-functions";

    private const string Scheme = "Authentication:Schemes:Bearer";
    private const string Entry = "Local";

    /// <summary>Named entries, not numbered ones: those that <c>dotnet user-jwts</c> writes stay in force beside them.</summary>
    public IReadOnlyDictionary<string, string?> Settings { get; } = new Dictionary<string, string?>
    {
        [$"{Scheme}:ValidIssuers:{Entry}"] = Issuer,
        [$"{Scheme}:ValidAudiences:{Entry}"] = Audience,
        [$"{Scheme}:SigningKeys:{Entry}:Issuer"] = Issuer,
        [$"{Scheme}:SigningKeys:{Entry}:Value"] = Convert.ToBase64String(key),
    };

    public string Create(long? userId, IEnumerable<string> roles, TimeSpan life)
    {
        DateTime now = time.GetUtcNow().UtcDateTime;
        var claims = new Dictionary<string, object>();
        if (userId is { } id)
            claims["sub"] = id.ToString(CultureInfo.InvariantCulture);
        if (roles.ToArray() is { Length: > 0 } granted)
            claims["roles"] = granted;

        return new JsonWebTokenHandler().CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = Audience,
            IssuedAt = now,
            NotBefore = now.AddMinutes(-1),
            Expires = now + life,
            Claims = claims,
            SigningCredentials = new SigningCredentials(new SymmetricSecurityKey(key), SecurityAlgorithms.HmacSha256),
        });
    }
}
