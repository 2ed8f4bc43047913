using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;
using TByte.Functions.LocalHost.Hosting;

namespace TByte.Functions.LocalHost.Settings;

/// <summary>Every setting of the three apps, as docs/settings.md has them: what the options classes say of themselves.</summary>
internal static class SettingsReference
{
    private const string Introduction = """
        # Settings

        What `./dev settings` prints: it asks the classes that the apps read them into.

        A setting is written as it stands here in the environment, in `Values` of `local.settings.json` and in Azure, or with `:` for `__` in other configuration. Times are written as `hh:mm:ss`, with days as `d.hh:mm:ss` and parts of a second as `hh:mm:ss.fff`; a list is numbered from 0. Settings are checked at the start, and a message names the one that is wrong. Where one bounds another, the bounds are those of the defaults.

        """;

    private const string Others = """

        ## Tokens

        Read by the Api, by ASP.NET Core's own handler.

        | setting | |
        |---|---|
        | `Authentication__Schemes__Bearer__Authority` | who gives tokens, such as `https://login.microsoftonline.com/TENANT/v2.0` |
        | `Authentication__Schemes__Bearer__ValidAudiences__0` … | whom they are for |
        | `Authentication__Schemes__Bearer__ValidIssuers__0` …, `__SigningKeys__0__…` | for tokens without an authority, such as those of `dotnet user-jwts` |

        ## Telemetry

        Read by the three apps: [telemetry.md](telemetry.md).

        | setting | |
        |---|---|
        | `APPLICATIONINSIGHTS_CONNECTION_STRING` | sends traces, metrics and logs to Application Insights |
        | `OTEL_EXPORTER_OTLP_ENDPOINT` | sends them to a collector; the other `OTEL_…` settings are OpenTelemetry's own |

        """;

    public static string Write()
    {
        XmlSummaries summaries = new();
        StringBuilder page = new(Introduction);
        ILookup<Type, string> readers = FunctionApps.All
            .SelectMany(static app => AppOptions.Of(app).Select(options => (Options: options, app.Name)))
            .ToLookup(static pair => pair.Options, static pair => pair.Name);
        foreach (IGrouping<Type, string> options in readers.OrderBy(static group => AppOptions.Section(group.Key), StringComparer.Ordinal))
        {
            page.Append('\n').Append("## ").Append(AppOptions.Section(options.Key)).Append("\n\n")
                .Append(summaries.Of(options.Key)).Append(" Read by ").Append(string.Join(", ", options)).Append(".\n\n")
                .Append("| setting | default | bounds | |\n|---|---|---|---|\n");
            foreach (DocumentedSetting setting in new SettingsOfOptions(options.Key, summaries).Read())
                page.Append($"| `{setting.Name}{(setting.IsList ? "__0` …" : "`")} | {setting.Default} | {setting.Bounds} | {setting.Meaning} |\n");
        }

        WriteSchedules(page);
        return page.Append(Others).ToString();
    }

    private static void WriteSchedules(StringBuilder page)
    {
        page.Append("""

            ## Schedules

            Required: NCRONTAB with six fields, seconds first, or a time between two runs.

            | setting | app |
            |---|---|

            """);
        IEnumerable<string> rows = FunctionApps.All.SelectMany(static app => FunctionCatalog.Discover(app)
            .Select(static function => function.Trigger)
            .OfType<Trigger.Timer>()
            .Select(timer => $"| `{timer.Schedule.Trim('%')}` | {app.Name} |\n"));
        foreach (string row in rows)
            page.Append(row);
    }
}
