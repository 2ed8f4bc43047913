using System.Collections.Generic;
using TByte.Functions.Api;
using TByte.Functions.Maintenance;
using TByte.Functions.Warmup;

namespace TByte.Functions.LocalHost.Hosting;

/// <summary>The function apps of this repository.</summary>
internal static class FunctionApps
{
    public static readonly FunctionAppDefinition Api = new("Api", "TByte.Functions.Api", static app => app.AddApi());

    public static readonly FunctionAppDefinition Warmup = new("Warmup", "TByte.Functions.Warmup", static app => app.AddWarmup());

    public static readonly FunctionAppDefinition Maintenance = new("Maintenance", "TByte.Functions.Maintenance", static app => app.AddMaintenance());

    public static readonly IReadOnlyList<FunctionAppDefinition> All = [Api, Warmup, Maintenance];
}
