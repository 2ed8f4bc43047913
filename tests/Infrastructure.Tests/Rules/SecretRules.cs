using System.Text.RegularExpressions;

namespace TByte.Functions.Infrastructure.Tests;

/// <summary>Nobody needs a secret, so there is none to lose.</summary>
internal static partial class SecretRules
{
    private static readonly string[] Publishing = ["ftp", "scm"];

    public static IEnumerable<string> There_is_no_key_and_no_password(Deployment deployment)
    {
        foreach (Match secret in Secret().Matches(deployment.Text + deployment.Template.GetRawText()))
            yield return $"'{secret.Value}' is in the template.";
    }

    public static IEnumerable<string> Nothing_can_be_opened_with_a_key(Deployment deployment) =>
    [
        .. deployment.Of("Microsoft.Storage/storageAccounts")
            .Where(static account => account.TextAt("properties.allowSharedKeyAccess") != "False")
            .Select(static account => $"{account} can."),
        .. deployment.Of("Microsoft.Insights/components")
            .Where(static component => component.TextAt("properties.DisableLocalAuth") != "True")
            .Select(static component => $"{component} takes telemetry from anybody."),
        .. deployment.Apps.Concat(deployment.Slots)
            .SelectMany(site => Publishing.Select(kind => $"{site.Name}/{kind}"))
            .Where(policy => deployment.Resources.SingleOrDefault(one => one.Name == policy)?.TextAt("properties.allow") != "False")
            .Select(static policy => $"{policy} takes a password."),
    ];

    /// <summary>A content share needs a key, which the storage account does not have.</summary>
    public static IEnumerable<string> Packages_are_read_by_identity_and_there_is_no_content_share(Deployment deployment)
    {
        foreach (FunctionAppSite site in deployment.Apps.Concat(deployment.Slots))
        {
            if (site.Settings.Keys.Any(static name => name.StartsWith("WEBSITE_CONTENT", StringComparison.Ordinal)))
                yield return $"{site} has a content share.";
            if (site.Setting("AzureWebJobsStorage__credential") != "managedidentity" || site.Setting("AzureWebJobsStorage__accountName").Length == 0
                || site.Settings.ContainsKey("AzureWebJobsStorage"))
                yield return $"{site} does not use its identity for the host's storage.";
            if (site.Settings.TryGetValue("WEBSITE_RUN_FROM_PACKAGE", out string? package)
                && !(package.StartsWith("https://stshop", StringComparison.Ordinal) && package.Contains(".blob.example/packages/", StringComparison.Ordinal)
                    && package.EndsWith(".zip", StringComparison.Ordinal)
                    && site.Resource.At("identity.userAssignedIdentities")!.Value.TryGetProperty(site.Setting("WEBSITE_RUN_FROM_PACKAGE_BLOB_MI_RESOURCE_ID"), out _)))
                yield return $"{site} runs {package}, which its identity does not read.";
        }
    }

    /// <summary>One identity an app, so that what one may do another may not.</summary>
    public static IEnumerable<string> Each_app_has_an_identity_of_its_own(Deployment deployment)
    {
        string[] identities = [.. deployment.Apps.Select(static app => Identity(app))];
        if (identities.Distinct().Count() != identities.Length)
            yield return "Apps share an identity.";
        foreach (FunctionAppSite site in deployment.Apps.Concat(deployment.Slots)
            .Where(static site => !site.Setting("Postgres__Primary").Contains($"Username={Identity(site).Split('/')[^1]};", StringComparison.Ordinal)))
        {
            yield return $"{site} signs in as somebody else.";
        }
    }

    private static string Identity(FunctionAppSite site) =>
        site.Resource.At("identity.userAssignedIdentities")!.Value.EnumerateObject().Single().Name;

    [GeneratedRegex(@"list(Keys|AccountSas|ServiceSas|Secrets|ConnectionStrings)\(|AccountKey=|SharedAccess\w*=|Password=|Pwd=|administratorLoginPassword|primaryKey|(?<!en)password\s*:", RegexOptions.IgnoreCase)]
    private static partial Regex Secret();
}
