using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace TByte.Functions.Configuration;

/// <summary>Options that know their own bounds.</summary>
public interface IValidatedOptions
{
    /// <summary>One message for each setting that is out of bounds; each names the setting.</summary>
    IEnumerable<string> Problems();
}

/// <summary>Registers options that stop the start of the app when a setting is out of bounds.</summary>
public static class ValidatedOptionsExtensions
{
    /// <summary>Binds <typeparamref name="TOptions"/> to <paramref name="section"/>; the options can be injected as they are.</summary>
    public static IServiceCollection AddValidatedOptions<TOptions>(this IServiceCollection services, string section)
        where TOptions : class, IValidatedOptions
    {
        services.AddOptions<TOptions>().BindConfiguration(section).ValidateOnStart();
        services.AddSingleton<IValidateOptions<TOptions>, Validation<TOptions>>();
        return services.AddSingleton(provider => provider.GetRequiredService<IOptions<TOptions>>().Value);
    }

    private sealed class Validation<TOptions> : IValidateOptions<TOptions>
        where TOptions : class, IValidatedOptions
    {
        public ValidateOptionsResult Validate(string? name, TOptions options)
        {
            string[] problems = [.. options.Problems()];
            return problems.Length == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(problems);
        }
    }
}
