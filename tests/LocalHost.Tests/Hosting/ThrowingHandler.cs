using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http;

namespace TByte.Functions.LocalHost.Tests.Hosting;

/// <summary>Fails whoever asks it to authenticate.</summary>
internal sealed class ThrowingHandler : IAuthenticationHandler
{
    public Task InitializeAsync(AuthenticationScheme scheme, HttpContext context) => throw Unasked();

    public Task<AuthenticateResult> AuthenticateAsync() => throw Unasked();

    public Task ChallengeAsync(AuthenticationProperties? properties) => throw Unasked();

    public Task ForbidAsync(AuthenticationProperties? properties) => throw Unasked();

    private static InvalidOperationException Unasked() => new("Nobody should ask.");
}
