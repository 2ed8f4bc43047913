using System;
using System.CommandLine;
using System.Threading.Tasks;
using TByte.Functions.LocalHost.Supervision;

namespace TByte.Functions.LocalHost.Settings;

/// <summary>The verb <c>settings</c>.</summary>
internal static class SettingsVerb
{
    public static Command Create()
    {
        var command = new Command("settings", "Prints every setting of the apps with its default, its bounds and what it does, as Markdown.");
        Verbs.Handle(command, static (_, _) =>
        {
            Console.Write(SettingsReference.Write());
            return Task.CompletedTask;
        });
        return command;
    }
}
