using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using TByte.Functions.LocalHost.Hosting;

namespace TByte.Functions.SideBySide.Servers;

/// <summary>The Api app as LocalHost runs it.</summary>
internal static class OurServer
{
    public static Task<LocalFunctionApp> StartAsync(IReadOnlyDictionary<string, string?> settings) => StartAsync(FunctionApps.Api, settings);

    /// <summary>Every caller may read every order, without a look at a token: peers have no authentication either.</summary>
    public static Task<LocalFunctionApp> StartWithoutTokensAsync(IReadOnlyDictionary<string, string?> settings) => StartAsync(
        FunctionApps.Api with
        {
            Compose = app =>
            {
                FunctionApps.Api.Compose(app);
                app.Services.AddSingleton<IAuthenticationService, Anyone>();
            },
        },
        settings);

    private static Task<LocalFunctionApp> StartAsync(FunctionAppDefinition app, IReadOnlyDictionary<string, string?> settings) =>
        LocalFunctionApp.StartAsync(
            app,
            new LocalFunctionAppOptions
            {
                Settings = new Dictionary<string, string?>(settings) { ["AZURE_FUNCTIONS_ENVIRONMENT"] = Environments.Production },
                ReadEnvironment = false,
            },
            CancellationToken.None);

    private sealed class Anyone : IAuthenticationService
    {
        private static readonly Task<AuthenticateResult> Success = Task.FromResult(AuthenticateResult.Success(new AuthenticationTicket(
            new ClaimsPrincipal(new ClaimsIdentity([new Claim("roles", "orders.read")], nameof(Anyone))), nameof(Anyone))));

        public Task<AuthenticateResult> AuthenticateAsync(HttpContext context, string? scheme) => Success;

        public Task ChallengeAsync(HttpContext context, string? scheme, AuthenticationProperties? properties) => Task.CompletedTask;

        public Task ForbidAsync(HttpContext context, string? scheme, AuthenticationProperties? properties) => Task.CompletedTask;

        public Task SignInAsync(HttpContext context, string? scheme, ClaimsPrincipal principal, AuthenticationProperties? properties) => Task.CompletedTask;

        public Task SignOutAsync(HttpContext context, string? scheme, AuthenticationProperties? properties) => Task.CompletedTask;
    }
}
