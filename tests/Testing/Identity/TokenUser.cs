using StackExchange.Redis;

namespace TByte.Functions.Testing.Identity;

/// <summary>A user of Redis that gets in with tokens that have not expired, and with nothing else.</summary>
public sealed class TokenUser
{
    private readonly string[] _nodes;
    private readonly TokenAuthority _authority;

    private TokenUser(string[] nodes, TokenAuthority authority)
    {
        _nodes = nodes;
        _authority = authority;
    }

    public string Name { get; } = Guid.NewGuid().ToString();

    /// <summary>Makes the user known to each server, and every token to them before it is given out.</summary>
    public static TokenUser Create(TokenAuthority authority, params string[] nodes)
    {
        TokenUser user = new(nodes, authority);
        authority.Issuing = user.AdmitAsync;
        return user;
    }

    private async Task AdmitAsync(string token)
    {
        object[] rules = ["SETUSER", Name, "on", "~*", "&*", "+@all", "resetpass", .. _authority.Valid.Append(token).Select(static valid => ">" + valid)];
        foreach (string node in _nodes)
        {
            await using ConnectionMultiplexer admin = await ConnectionMultiplexer.ConnectAsync($"{node},allowAdmin=true");
            await admin.GetServers()[0].ExecuteAsync("ACL", rules);
        }
    }
}
