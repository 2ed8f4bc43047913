using System;
using System.CommandLine;
using TByte.Functions.Diagnosis;
using TByte.Functions.LocalHost.Servers;
using TByte.Functions.LocalHost.Supervision;

namespace TByte.Functions.LocalHost.Diagnosing;

/// <summary>The verb <c>diagnose</c>.</summary>
internal static class DiagnoseVerb
{
    public static Command Create()
    {
        var postgres = new Option<string>("--postgres") { Description = "The primary: an Npgsql connection string, or postgresql://user:password@host:port/database. The shop of 'run' if not given." };
        var replicas = new Option<string[]>("--replica") { Description = "A replica of it, likewise; may be repeated." };
        var redis = new Option<string?>("--redis") { Description = "A StackExchange.Redis connection string." };
        var watch = new Option<int>("--watch") { Description = "How many seconds counters are watched; 0: they count since they were reset.", DefaultValueFactory = _ => 10 };
        var json = new Option<bool>("--json") { Description = "Prints JSON." };
        var html = new Option<string?>("--html") { Description = "Writes a page to this file, too." };
        var state = Verbs.StateOption();
        var command = new Command("diagnose", "Says what makes a database and its cache slow, and what to do.") { postgres, replicas, redis, watch, json, html, state };
        Verbs.Handle(command, (parsed, interruption) =>
        {
            RunningShop? shop = parsed.GetValue(postgres) is null ? RunningShop.Find(parsed.GetValue(state) ?? Repository.State) : null;
            var options = new DiagnoseOptions
            {
                Postgres = parsed.GetValue(postgres) ?? shop?.Postgres,
                Replicas = [.. shop?.Replicas ?? [], .. parsed.GetValue(replicas) ?? []],
                Redis = parsed.GetValue(redis) ?? shop?.Redis,
                Watch = parsed.GetValue(watch),
                Json = parsed.GetValue(json),
                HtmlFile = parsed.GetValue(html),
            };
            return new Diagnose(options, ReportOutput.Console).RunAsync(
                async (target, time, stop) => (await new DiagnosisRun(target, TimeProvider.System).RunAsync(memory: null, time, stop)).Report,
                interruption.Stop);
        });
        return command;
    }
}
