using TByte.Functions.LocalHost.Servers;
using TByte.Functions.LocalHost.Supervision;

// A keeper runs beside every server and stays small.
return args is [KeeperOrders.Verb, ..] ? Keeper.Run(args) : Verbs.Run(args);
