using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;
using System.Text;
using TByte.Functions.Load;
using TByte.Functions.LocalHost.Data.Generated;

namespace TByte.Functions.Faults;

/// <summary>A product read that was answered 200.</summary>
/// <param name="Instance">Who has answered.</param>
/// <param name="Product">Which one.</param>
/// <param name="At">A timestamp.</param>
/// <param name="Connection">How many the reader had lost before.</param>
internal readonly record struct AnsweredRead(int Instance, int Product, long At, int Connection);

/// <summary>
/// A fixed number of product reads by a fixed number of readers, who keep book of each. A reader belongs to one instance; when that is
/// killed the reader waits for it.
/// </summary>
internal sealed class ViewLoad(IReadOnlyList<Uri> instances, int products, int requests)
{
    private const int ReadersPerInstance = 16;

    // As skewed as the orders of the shop.
    private const int Flattening = 20;

    private static readonly TimeSpan ReconnectInterval = TimeSpan.FromMilliseconds(50);

    private readonly Popularity _popularity = new(products, Flattening, new DeterministicRandom(1));
    private int _begun;

    /// <summary>How many reads have begun.</summary>
    public int Begun => Math.Min(requests, Volatile.Read(ref _begun));

    public async Task<ViewLoadBook> RunAsync(CancellationToken cancellationToken)
    {
        ViewLoadBook[] books = await Task.WhenAll(Enumerable.Range(0, instances.Count * ReadersPerInstance)
            .Select(reader => Task.Run(() => ReadAsync(reader, cancellationToken), cancellationToken)));
        return ViewLoadBook.Sum(books);
    }

    private async Task<ViewLoadBook> ReadAsync(int reader, CancellationToken cancellationToken)
    {
        int instance = reader % instances.Count;
        DeterministicRandom random = new((ulong)reader);
        ViewLoadBook book = new(products);
        RawConnection? connection = null;
        int lost = 0;
        while (Interlocked.Increment(ref _begun) <= requests)
        {
            int product = 1 + _popularity.Draw(ref random);
            connection ??= await ConnectAsync(instances[instance], cancellationToken);
            book.Sent[product]++;
            try
            {
                RawAnswer answer = await connection.ExchangeAsync(RequestFor(product, instances[instance]), cancellationToken);
                if (answer.Status == 200)
                    book.Answered.Add(new AnsweredRead(instance, product, Stopwatch.GetTimestamp(), lost));
                else
                    book.Refused++;
            }
            catch (Exception failure) when (failure is SocketException or InvalidDataException)
            {
                connection.Dispose();
                connection = null;
                lost++;
            }
        }

        connection?.Dispose();
        return book;
    }

    private static async Task<RawConnection> ConnectAsync(Uri instance, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await RawConnection.OpenAsync(instance, cancellationToken);
            }
            catch (SocketException)
            {
                await Task.Delay(ReconnectInterval, cancellationToken);
            }
        }
    }

    private static byte[] RequestFor(int product, Uri instance) => Encoding.ASCII.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $"GET /api/v1/products/{product} HTTP/1.1\r\nHost: {instance.Authority}\r\n\r\n"));
}

/// <summary>What readers have sent and what was answered.</summary>
internal sealed class ViewLoadBook(int products)
{
    /// <summary>Requests by product; the first place stays empty.</summary>
    public int[] Sent { get; } = new int[products + 1];

    public List<AnsweredRead> Answered { get; } = [];

    /// <summary>Answers other than 200.</summary>
    public int Refused { get; set; }

    public static ViewLoadBook Sum(IReadOnlyList<ViewLoadBook> books)
    {
        ViewLoadBook sum = new(books[0].Sent.Length - 1);
        foreach (ViewLoadBook book in books)
        {
            for (int product = 0; product < sum.Sent.Length; product++)
                sum.Sent[product] += book.Sent[product];
            sum.Answered.AddRange(book.Answered);
            sum.Refused += book.Refused;
        }

        return sum;
    }
}
