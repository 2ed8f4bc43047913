using System.Net;

namespace TByte.Functions.Fleet.Tests.Views;

/// <summary>Product reads that are kept book of: what was asked for, and what was answered 200.</summary>
internal sealed class ViewBook(ApiFleet fleet)
{
    /// <summary>Products 1 to this exist in a small shop.</summary>
    public const int Products = 500;

    private const int Readers = 8;

    private readonly long[] _asked = new long[Products + 1];
    private readonly long[] _answered = new long[Products + 1];

    public IReadOnlyList<long> Asked => _asked;

    public IReadOnlyList<long> Answered => _answered;

    public long AnsweredInAll => _answered.Sum();

    /// <summary>Reads until so many have been asked for, some products far more often than others, on these instances in turn.</summary>
    public async Task ReadAsync(int reads, params int[] instances)
    {
        int begun = -1;
        await Task.WhenAll(Enumerable.Range(0, Readers).Select(async reader =>
        {
            Random random = new(reader);
            for (int read = Interlocked.Increment(ref begun); read < reads; read = Interlocked.Increment(ref begun))
                await ReadOneAsync(instances[read % instances.Length], 1 + (int)(Products * Math.Pow(random.NextDouble(), 3)));
        }));
    }

    /// <summary>Reads on these instances in turn until told to stop; every read is answered.</summary>
    public async Task ReadUntilAsync(CancellationToken done, params int[] instances)
    {
        while (!done.IsCancellationRequested)
            await ReadAsync(Readers, instances);
    }

    /// <summary>Reads on one instance until it does not answer any more; what it was asked then stays without an answer.</summary>
    public async Task ReadUntilKilledAsync(int instance)
    {
        await Task.WhenAll(Enumerable.Range(0, Readers).Select(async reader =>
        {
            Random random = new(reader);
            try
            {
                while (true)
                    await ReadOneAsync(instance, random.Next(1, Products + 1));
            }
            catch (Exception failure) when (failure is HttpRequestException or IOException)
            {
                // Killed.
            }
        }));
    }

    public async Task ReadOneAsync(int instance, int product)
    {
        Interlocked.Increment(ref _asked[product]);
        ProductAnswer answer = await fleet.GetProductAsync(instance, product);
        Assert.Equal((int)HttpStatusCode.OK, answer.Status);
        Interlocked.Increment(ref _answered[product]);
    }
}
