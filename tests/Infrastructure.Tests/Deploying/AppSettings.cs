using System.Collections;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Authentication;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration;
using TByte.Functions.Configuration;
using TByte.Functions.LocalHost.Hosting;
using TByte.Functions.LocalHost.Settings;

namespace TByte.Functions.Infrastructure.Tests;

/// <summary>The settings of a deployed app, and what the app, composed with them, makes of them.</summary>
internal sealed partial class AppSettings
{
    private readonly IReadOnlyList<Type> _options;

    private AppSettings(FunctionAppDefinition app, IConfiguration configuration)
    {
        Configuration = configuration;
        FunctionsApplicationBuilder builder = AppOptions.Compose(app, configuration);
        _options = AppOptions.Of(builder);
        HasTokens = builder.Services.Any(static service => service.ServiceType == typeof(IAuthenticationService));
        Schedules = FunctionCatalog.Discover(app)
            .Select(static function => function.Trigger)
            .OfType<Trigger.Timer>()
            .SelectMany(static timer => Setting().Matches(timer.Schedule))
            .Select(static match => match.Groups[1].Value)
            .ToHashSet();
        Sections = _options.Select(AppOptions.Section).ToHashSet();
    }

    public IConfiguration Configuration { get; }

    /// <summary>Whether callers have tokens.</summary>
    public bool HasTokens { get; }

    /// <summary>Settings that its timers name.</summary>
    public IReadOnlySet<string> Schedules { get; }

    /// <summary>Sections that its options are read from.</summary>
    public IReadOnlySet<string> Sections { get; }

    public static AppSettings Of(FunctionAppDefinition app, FunctionAppSite site) => new(
        app,
        new ConfigurationBuilder()
            .AddInMemoryCollection(site.Settings.Select(static setting => new KeyValuePair<string, string?>(setting.Key.Replace("__", ":", StringComparison.Ordinal), setting.Value)))
            .Build());

    /// <summary>What the app would say at its start, and what it would not notice: settings that no property takes.</summary>
    public IEnumerable<string> Problems()
    {
        foreach (Type options in _options)
        {
            IConfigurationSection section = Configuration.GetSection(AppOptions.Section(options));
            IValidatedOptions? bound = null;
            string? problem = null;
            try
            {
                bound = (IValidatedOptions?)section.Get(options, static binder => binder.ErrorOnUnknownConfiguration = true) ?? (IValidatedOptions)Activator.CreateInstance(options)!;
            }
            catch (InvalidOperationException failure)
            {
                problem = failure.Message;
            }

            foreach (string message in problem is null ? bound!.Problems() : [problem])
                yield return message;
        }
    }

    /// <summary>Settings that are empty unless somebody sets them.</summary>
    public IEnumerable<string> WithoutDefault() => _options.SelectMany(static options =>
        options.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.CanWrite && IsEmpty(property.GetValue(Activator.CreateInstance(options))))
            .Select(property => $"{AppOptions.Section(options)}:{property.Name}"));

    private static bool IsEmpty(object? value) => value is null or "" or ICollection { Count: 0 };

    [GeneratedRegex("%([^%]+)%")]
    private static partial Regex Setting();
}
