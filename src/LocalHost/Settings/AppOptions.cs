using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Configuration;
using TByte.Functions.Configuration;
using TByte.Functions.LocalHost.Hosting;

namespace TByte.Functions.LocalHost.Settings;

/// <summary>The options that an app, once composed, is configured by.</summary>
internal static class AppOptions
{
    public static IReadOnlyList<Type> Of(FunctionAppDefinition app) => Of(Compose(app, new ConfigurationBuilder().Build()));

    public static IReadOnlyList<Type> Of(FunctionsApplicationBuilder composed) =>
        [.. composed.Services.Select(static service => service.ServiceType).Where(static type => type.IsAssignableTo(typeof(IValidatedOptions))).Distinct()];

    public static FunctionsApplicationBuilder Compose(FunctionAppDefinition app, IConfiguration configuration)
    {
        FunctionsApplicationBuilder builder = new(LocalWebApplication.CreateBuilder(app, configuration, new LocalFunctionAppOptions()));
        app.Compose(builder);
        return builder;
    }

    /// <summary>The section of the configuration that it is read from.</summary>
    public static string Section(Type options) => (string)options.GetField("Section")!.GetValue(null)!;
}
