using System;
using System.IO;
using System.Threading;

namespace TByte.Functions.LocalHost.Data.Sales;

/// <summary>What a sales file holds: a shop, and the account of every line.</summary>
internal sealed record ImportedSales(IShopData Shop, SalesSummary Summary);

/// <summary>Reads the Online Retail CSV (UCI Machine Learning Repository, doi 10.24432/C5BW33), plain or gzip.</summary>
internal static class SalesImport
{
    private const int LinesPerReport = 50_000;

    /// <exception cref="SeedException">It is not that file, or nothing in it is sound.</exception>
    public static ImportedSales ReadFile(string path, IProgress<SeedProgress>? progress, CancellationToken cancellationToken)
    {
        try
        {
            return Read(File.OpenRead(path), Path.GetFileName(path), progress, cancellationToken);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new SeedException($"The sales file {path} cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Takes a seekable stream and disposes it; <paramref name="name"/> stands in messages.</summary>
    public static ImportedSales Read(Stream file, string name, IProgress<SeedProgress>? progress, CancellationToken cancellationToken)
    {
        using var source = new SalesSource(file);
        var lines = new SalesLines(source);
        if (!lines.TryRead(out var header, out _, out _) || !SalesHeader.Matches(header))
            throw new SeedException(source.Damaged
                ? $"{name} is a damaged archive: its first line cannot be read."
                : $"{name} is not the Online Retail set: its first line must be {string.Join(',', SalesHeader.Columns)}.");

        var parser = new SaleParser();
        var book = new SalesBook();
        var summary = new SalesSummary();
        while (lines.TryRead(out var line, out var overlong, out var closed))
        {
            var reason = overlong ? RejectReason.OverlongLine
                : !closed && source.Damaged ? RejectReason.Truncated
                : Book(line);
            summary.Count(reason);

            if (summary.Lines % LinesPerReport == 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                progress?.Report(new SeedProgress("lines read", summary.Lines));
            }
        }

        summary.Damaged = source.Damaged;
        progress?.Report(new SeedProgress("lines read", summary.Lines));
        return summary.Imported > 0
            ? new ImportedSales(book, summary)
            : throw new SeedException($"{name} holds no line that can be imported.\n{summary}");

        RejectReason Book(ReadOnlySpan<byte> line)
        {
            var reason = parser.Parse(line, out var sale);
            return reason == RejectReason.None ? book.TryAdd(sale) : reason;
        }
    }
}
