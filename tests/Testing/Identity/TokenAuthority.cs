using System.Collections.Concurrent;
using Azure.Core;
using Azure.Identity;

namespace TByte.Functions.Testing.Identity;

/// <summary>Gives out tokens that live for seconds, and knows which are valid, as Entra does. Each can be renewed from a third of its life on.</summary>
public sealed class TokenAuthority(TimeSpan life) : TokenCredential
{
    private readonly ConcurrentDictionary<string, DateTimeOffset> _expiries = new();
    private volatile int _issued;

    /// <summary>Whether it gives out nothing at the moment.</summary>
    public bool IsDown { get; set; }

    /// <summary>How many tokens there have been.</summary>
    public int Issued => _issued;

    /// <summary>Told of each token before it is given out.</summary>
    public Func<string, Task> Issuing { get; set; } = static _ => Task.CompletedTask;

    /// <summary>Those that have expired.</summary>
    public IEnumerable<string> Expired => _expiries.Where(static token => token.Value <= DateTimeOffset.UtcNow).Select(static token => token.Key);

    /// <summary>Those that have not.</summary>
    public IEnumerable<string> Valid => _expiries.Keys.Where(IsValid);

    /// <summary>Whether it has given this out, and it has not expired.</summary>
    public bool IsValid(string token) => _expiries.TryGetValue(token, out DateTimeOffset expiry) && expiry > DateTimeOffset.UtcNow;

    public override async ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken)
    {
        if (IsDown)
            throw new AuthenticationFailedException("The token source is down.");

        string token = $"token-{Interlocked.Increment(ref _issued)}-{Guid.NewGuid():N}";
        await Issuing(token);
        DateTimeOffset now = DateTimeOffset.UtcNow;
        _expiries[token] = now + life;
        return new AccessToken(token, now + life, now + life / 3);
    }

    public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
        throw new NotSupportedException("Nobody may block for a token.");
}
