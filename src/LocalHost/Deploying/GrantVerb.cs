using System;
using System.Collections.Generic;
using System.CommandLine;
using Npgsql;
using TByte.Functions.LocalHost.Supervision;

namespace TByte.Functions.LocalHost.Deploying;

/// <summary>The verb <c>grant</c>.</summary>
internal static class GrantVerb
{
    public static Command Create()
    {
        var postgres = new Option<string>("--postgres") { Description = "An Npgsql connection string to the shop's database, as an administrator; PGPASSWORD may hold the token.", Required = true };
        Option<string> api = RoleOption("--api"), warmup = RoleOption("--warmup"), maintenance = RoleOption("--maintenance");
        var command = new Command("grant", "Makes the apps' roles in a database on Azure, and gives each what it needs.") { postgres, api, warmup, maintenance };
        Verbs.Handle(command, async (parsed, interruption) =>
        {
            Dictionary<string, AppRole> roles = new()
            {
                ["api"] = Role("--api", parsed.GetRequiredValue(api)),
                ["warmup"] = Role("--warmup", parsed.GetRequiredValue(warmup)),
                ["maintenance"] = Role("--maintenance", parsed.GetRequiredValue(maintenance)),
            };
            try
            {
                await DatabaseRoles.GrantAsync(parsed.GetRequiredValue(postgres), roles, interruption.Stop);
            }
            catch (NpgsqlException failure)
            {
                throw new UsageException($"The roles could not be made: {failure.Message}");
            }
            catch (ArgumentException)
            {
                // The parser's message may repeat a part of the connection string.
                throw new UsageException("--postgres is not an Npgsql connection string.");
            }

            Console.WriteLine($"{roles["api"].Name}, {roles["warmup"].Name} and {roles["maintenance"].Name} may do what they need.");
        });
        return command;
    }

    private static Option<string> RoleOption(string name) => new(name) { Description = "NAME=OBJECTID of the app's identity.", Required = true };

    private static AppRole Role(string option, string text) => AppRole.Parse(text) ?? throw new UsageException(
        $"{option} is '{text}'; it must be the name of the app's identity, at most 63 characters, an equals sign and its object id, a GUID.");
}
