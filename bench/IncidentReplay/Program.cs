using TByte.Functions.IncidentReplay;
using TByte.Functions.LocalHost.Supervision;

using Interruption interruption = new();
return await IncidentCommand.RunAsync(
    args,
    Environment.GetEnvironmentVariable(IncidentCommand.TokenVariable),
    new CommandOutput(Console.Out, Console.Error),
    new CommandStop(interruption.Stop, interruption.StopAtOnce));
