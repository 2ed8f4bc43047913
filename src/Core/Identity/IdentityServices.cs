using Azure.Core;
using Azure.Identity;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using TByte.Functions.Configuration;
using TByte.Functions.Postgres;
using TByte.Functions.Redis;

namespace TByte.Functions.Identity;

/// <summary>Registers how the app signs in.</summary>
public static class IdentityServices
{
    /// <summary>Adds <see cref="AppIdentity"/>, once; settings from <c>Identity</c>. A <see cref="TokenCredential"/> among the services takes the identity's place.</summary>
    public static IServiceCollection AddAppIdentity(this IServiceCollection services)
    {
        if (services.Any(static service => service.ServiceType == typeof(AppIdentity)))
            return services;

        services.TryAddSingleton(TimeProvider.System);
        return services
            .AddLogging()
            .AddValidatedOptions<IdentityOptions>(IdentityOptions.Section)
            .AddSingleton<IValidateOptions<PostgresOptions>, TokenTransport>()
            .AddSingleton<IValidateOptions<RedisOptions>, TokenTransport>()
            .AddSingleton(Create);
    }

    private static AppIdentity Create(IServiceProvider provider)
    {
        IdentityOptions options = provider.GetRequiredService<IdentityOptions>();
        if (!options.IsSet)
            return AppIdentity.None;

        TokenCredential credential = provider.GetService<TokenCredential>()
            ?? new ManagedIdentityCredential(ManagedIdentityId.FromUserAssignedClientId(options.ClientId));
        return new AppIdentity(
            credential, options.PrincipalId, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILogger<TokenKeeper>>());
    }
}
