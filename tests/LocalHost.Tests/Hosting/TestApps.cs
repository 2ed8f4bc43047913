using Microsoft.Azure.Functions.Worker.Builder;
using TByte.Functions.LocalHost.Hosting;

namespace TByte.Functions.LocalHost.Tests.Hosting;

/// <summary>Function apps whose classes lie in this assembly.</summary>
internal static class TestApps
{
    private const string Root = "TByte.Functions.LocalHost.Tests.Hosting.Apps.";

    public static FunctionAppDefinition Define(string app, Action<FunctionsApplicationBuilder> compose) =>
        new($"Test{app}", Root + app, compose) { Assembly = typeof(TestApps).Assembly };

    public static Task<LocalFunctionApp> StartAsync(FunctionAppDefinition app, LocalFunctionAppOptions? options = null)
    {
        options ??= new LocalFunctionAppOptions();
        Dictionary<string, string?> settings = new(options.Settings);
        settings.TryAdd("Logging:LogLevel:Default", "None");
        return LocalFunctionApp.StartAsync(
            app, options with { ReadEnvironment = false, Settings = settings }, TestContext.Current.CancellationToken);
    }

    public static HttpClient Client(LocalFunctionApp app) => new() { BaseAddress = app.Address, Timeout = TimeSpan.FromSeconds(30) };
}
