using System.IO;
using TByte.Functions.LocalHost.Data.Generated;

namespace TByte.Functions.LocalHost.Data;

/// <summary>What an empty database is filled with: the sales in <see cref="SalesFile"/>, or else generated data.</summary>
internal sealed record SeedOptions
{
    /// <summary>The Online Retail CSV, plain or gzip; null: generate.</summary>
    public string? SalesFile { get; init; }

    public GeneratorOptions Generator { get; init; } = new();

    public void Validate()
    {
        if (SalesFile is null)
            Generator.Validate();
        else if (!File.Exists(SalesFile))
            throw new SeedException($"The sales file {Path.GetFullPath(SalesFile)} does not exist.");
    }
}
