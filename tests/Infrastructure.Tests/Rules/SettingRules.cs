using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using TByte.Functions.LocalHost.Hosting;

namespace TByte.Functions.Infrastructure.Tests;

/// <summary>What the template sets, and what the code reads.</summary>
internal static partial class SettingRules
{
    /// <summary>What the Functions host and the platform read.</summary>
    private static readonly HashSet<string> Platform =
    [
        "APPLICATIONINSIGHTS_AUTHENTICATION_STRING", "APPLICATIONINSIGHTS_CONNECTION_STRING", "AzureFunctionsWebHost__hostid", "AzureWebJobsStorage__accountName",
        "AzureWebJobsStorage__clientId", "AzureWebJobsStorage__credential", "FUNCTIONS_EXTENSION_VERSION", "FUNCTIONS_WORKER_RUNTIME", "WEBSITE_RUN_FROM_PACKAGE",
        "WEBSITE_RUN_FROM_PACKAGE_BLOB_MI_RESOURCE_ID", "WEBSITE_SWAP_WARMUP_PING_PATH", "WEBSITE_SWAP_WARMUP_PING_STATUSES",
    ];

    /// <summary>Read by ASP.NET Core's own handler.</summary>
    private static readonly HashSet<string> TokenSettings = ["Authentication__Schemes__Bearer__Authority", "Authentication__Schemes__Bearer__ValidAudiences__0"];

    /// <summary>What has no default and is left out on purpose.</summary>
    private static readonly HashSet<string> LeftOut =
    [
        // Would hold a key.
        "Reports:Connection",
        // Nobody is exempt, and no peak is known, until somebody says so.
        "RateLimits:Exempt", "Warmup:Peaks",
    ];

    public static IEnumerable<string> Every_setting_is_read_by_its_app(Deployment deployment)
    {
        foreach ((FunctionAppDefinition app, FunctionAppSite site) in Sites(deployment))
        {
            AppSettings settings = AppSettings.Of(app, site);
            foreach (string unread in site.Settings.Keys.Where(name => !Platform.Contains(name) && !(TokenSettings.Contains(name) && settings.HasTokens)))
            {
                if (!settings.Sections.Contains(unread.Split("__")[0]) && !settings.Schedules.Contains(unread))
                    yield return $"{site}: {unread} is read by nobody.";
            }
        }
    }

    /// <summary>Also says which setting is spelt wrong: its section does not know it.</summary>
    public static IEnumerable<string> Every_app_starts_with_its_settings(Deployment deployment) =>
        Sites(deployment).SelectMany(static pair => AppSettings.Of(pair.App, pair.Site).Problems().Select(problem => $"{pair.Site}: {problem}"));

    public static IEnumerable<string> Everything_without_a_default_is_set(Deployment deployment)
    {
        foreach ((FunctionAppDefinition app, FunctionAppSite site) in Sites(deployment))
        {
            AppSettings settings = AppSettings.Of(app, site);
            foreach (string missing in settings.WithoutDefault().Except(LeftOut).Where(name => !(name == "Postgres:Replicas" && deployment.Replicas.Count == 0)))
            {
                if (!settings.Configuration.GetSection(missing).Exists())
                    yield return $"{site}: {missing} is not set.";
            }

            foreach (string schedule in settings.Schedules.Where(schedule => TimerSchedule.Parse(site.Setting(schedule)) is null))
                yield return $"{site}: {schedule} is '{site.Setting(schedule)}', which is no schedule.";
            foreach (string missing in TokenSettings.Where(name => settings.HasTokens && site.Setting(name).Length == 0))
                yield return $"{site}: {missing} is not set.";
        }
    }

    /// <summary>The host cuts an id off at 32 characters: apps that share a storage account and an id take each other's locks.</summary>
    public static IEnumerable<string> Host_ids_are_unique(Deployment deployment)
    {
        FunctionAppSite[] sites = [.. deployment.Apps, .. deployment.Slots];
        foreach (FunctionAppSite site in sites.Where(static site => !HostId().IsMatch(site.Setting("AzureFunctionsWebHost__hostid"))))
            yield return $"{site} has the host id '{site.Setting("AzureFunctionsWebHost__hostid")}'.";
        foreach (IGrouping<string, FunctionAppSite> same in sites.GroupBy(static site => site.Setting("AzureFunctionsWebHost__hostid")).Where(static group => group.Count() > 1))
            yield return $"{string.Join(" and ", same)} have the host id {same.Key}.";
        foreach (IGrouping<string, FunctionAppSite> same in deployment.Apps.GroupBy(static app => app.Name[..Math.Min(32, app.Name.Length)]).Where(static group => group.Count() > 1))
            yield return $"{string.Join(" and ", same)} begin with the same 32 characters.";
        foreach (FunctionAppSite slot in deployment.Slots)
        {
            Resource? sticky = deployment.Of("Microsoft.Web/sites/config").SingleOrDefault(one => one.Name == $"{slot.Name.Split('/')[0]}/slotConfigNames");
            if (sticky?.At("properties.appSettingNames")?.EnumerateArray().Any(static name => name.GetString() == "AzureFunctionsWebHost__hostid") != true)
                yield return $"{slot} takes its host id along when it is swapped.";
        }
    }

    /// <summary>A slot runs with what the app runs with.</summary>
    public static IEnumerable<string> A_slot_has_the_settings_of_its_app(Deployment deployment)
    {
        foreach (FunctionAppSite slot in deployment.Slots)
        {
            FunctionAppSite app = deployment.Apps.Single(app => slot.Name.StartsWith($"{app.Name}/", StringComparison.Ordinal));
            foreach (string different in app.Settings.Keys.Union(slot.Settings.Keys).Where(name => app.Setting(name) != slot.Setting(name) && name != "AzureFunctionsWebHost__hostid"))
                yield return $"{slot}: {different} is '{slot.Setting(different)}'.";
        }
    }

    /// <summary>The host sends telemetry as the app's identity, since the component takes nothing else.</summary>
    public static IEnumerable<string> Telemetry_is_sent_by_identity(Deployment deployment) =>
        deployment.Apps.Concat(deployment.Slots)
            .Where(static site => site.Setting("APPLICATIONINSIGHTS_AUTHENTICATION_STRING") != $"ClientId={site.Setting("Identity__ClientId")};Authorization=AAD")
            .Select(static site => $"{site} sends none.");

    private static IEnumerable<(FunctionAppDefinition App, FunctionAppSite Site)> Sites(Deployment deployment) =>
    [
        (FunctionApps.Api, deployment.App("api")),
        (FunctionApps.Warmup, deployment.App("warmup")),
        (FunctionApps.Maintenance, deployment.App("maint")),
    ];

    [GeneratedRegex(@"^[a-z0-9][a-z0-9-]{0,30}[a-z0-9]\z")]
    private static partial Regex HostId();
}
