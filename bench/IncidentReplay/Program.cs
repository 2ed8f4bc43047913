using TByte.Functions.IncidentReplay;
using TByte.Functions.IncidentReplay.Shop;
using TByte.Functions.IncidentReplay.Traffic;
using TByte.Functions.Load;
using TByte.Functions.LocalHost.Supervision;

switch (args)
{
    case [ServeVerb.Name, ShopInstance.Name or WarmupApp.Name]:
        await AppVerb.RunAsync(args[1]);
        return 0;

    case [LoadVerb.Name]:
        await new LoadVerb(StandardInput.ReadLineAsync, Console.Out, TimeProvider.System).RunAsync(CancellationToken.None);
        return 0;
}

using Interruption interruption = new();
return await IncidentCommand.RunAsync(
    args,
    Environment.GetEnvironmentVariable(IncidentCommand.TokenVariable),
    new CommandOutput(Console.Out, Console.Error),
    new CommandStop(interruption.Stop, interruption.StopAtOnce));
