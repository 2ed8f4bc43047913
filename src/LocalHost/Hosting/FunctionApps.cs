using System.Collections.Generic;

namespace TByte.Functions.LocalHost.Hosting;

/// <summary>The function apps of this repository.</summary>
internal static class FunctionApps
{
    public static readonly FunctionAppDefinition Api = new("Api", "TByte.Functions.Api", static _ => { });

    public static readonly FunctionAppDefinition Warmup = new("Warmup", "TByte.Functions.Warmup", static _ => { });

    public static readonly FunctionAppDefinition Maintenance = new("Maintenance", "TByte.Functions.Maintenance", static _ => { });

    public static readonly IReadOnlyList<FunctionAppDefinition> All = [Api, Warmup, Maintenance];
}
