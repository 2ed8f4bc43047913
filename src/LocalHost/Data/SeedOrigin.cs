using System;
using System.IO;
using System.Security.Cryptography;
using System.Threading;
using System.Threading.Tasks;

namespace TByte.Functions.LocalHost.Data;

/// <summary>Which data a database was seeded with: an identity to compare and a description to read.</summary>
internal sealed record SeedOrigin(string Identity, string Description)
{
    public static async Task<SeedOrigin> OfAsync(SeedOptions options, CancellationToken cancellationToken)
    {
        if (options.SalesFile is null)
            return new SeedOrigin(options.Generator.ToString(), options.Generator.ToString());

        // By contents: a renamed file is the same data, a longer one of the same name is not.
        var hash = await HashAsync(options.SalesFile, cancellationToken);
        return new SeedOrigin($"sales {Convert.ToHexStringLower(hash)}", $"the sales of {Path.GetFileName(options.SalesFile)}");
    }

    private static async Task<byte[]> HashAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = File.OpenRead(path);
            return await SHA256.HashDataAsync(file, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SeedException($"The sales file {path} cannot be read: {exception.Message}", exception);
        }
    }
}
