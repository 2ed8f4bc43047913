using System.Globalization;
using TByte.Functions.Load;
using TByte.Functions.LocalHost.Hosting;

namespace TByte.Functions.IncidentReplay.Shop;

/// <summary>One of the apps, as the process of a <see cref="ShopInstance"/> or a <see cref="WarmupApp"/>.</summary>
internal static class AppVerb
{
    public static async Task RunAsync(string name)
    {
        Dictionary<string, string?> settings = await ServeVerb.ReadSettingsAsync();
        LocalFunctionAppOptions options = new()
        {
            Settings = settings,
            ReadEnvironment = false,
            Port = int.Parse(settings.GetValueOrDefault(ShopInstance.PortSetting) ?? "0", CultureInfo.InvariantCulture),
        };
        FunctionAppDefinition definition = name == ShopInstance.Name ? FunctionApps.Api : FunctionApps.Warmup;
        await using LocalFunctionApp app = await LocalFunctionApp.StartAsync(definition, options, CancellationToken.None);
        await ServeVerb.ServeAsync(app.Address);
    }
}
