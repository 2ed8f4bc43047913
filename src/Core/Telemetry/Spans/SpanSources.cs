using System.Diagnostics;

namespace TByte.Functions.Telemetry;

/// <summary>Where the spans of this project come from, by what they are about.</summary>
internal static class SpanSources
{
    public static readonly ActivitySource Cache = new("TByte.Functions.Cache");
    public static readonly ActivitySource Redis = new("TByte.Functions.Redis");
    public static readonly ActivitySource Postgres = new("TByte.Functions.Postgres");
    public static readonly ActivitySource Breakers = new("TByte.Functions.Breakers");
    public static readonly ActivitySource HeavyQueries = new("TByte.Functions.HeavyQueries");
}
