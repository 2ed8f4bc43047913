using TByte.Functions.Testing;

namespace TByte.Functions.Fleet.Tests;

/// <summary>
/// Updates random products on random instances while others read. The instance that has written answers with what it wrote at once, every
/// other one soon, and none ever with less than it has answered before.
/// </summary>
internal sealed class WriteLoad(ApiFleet fleet)
{
    private const int Products = 20;
    private const int Writers = 4;

    private readonly int _instances = fleet.Instances.Count;
    private readonly SeenVersions _seen = new(fleet.Instances.Count, Products);

    public async Task RunAsync(int updates)
    {
        using CancellationTokenSource done = new();
        Task reading = Task.WhenAll(Enumerable.Range(0, 2 * _instances).Select(reader => ReadAsync(reader, done.Token)));
        Task writing = Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => WriteAsync(writer, updates / Writers)));
        // A reader only ends early when it fails.
        await Task.WhenAny(reading, writing);
        await done.CancelAsync();
        await reading;
        await writing;

        Assert.Equal(updates + Products, Enumerable.Range(1, Products).Sum(product => _seen.Latest(0, product)));
    }

    private async Task ReadAsync(int reader, CancellationToken done)
    {
        Random random = new(reader);
        while (!done.IsCancellationRequested)
        {
            await ReadOnceAsync(reader % _instances, random.Next(1, Products + 1));
            await Task.Delay(1, CancellationToken.None);
        }
    }

    private async Task WriteAsync(int writer, int updates)
    {
        Random random = new(1_000 + writer);
        for (int update = 0; update < updates; update++)
        {
            // Each writer has products of its own, so that the version it has written is the newest there is.
            int product = 1 + writer + Writers * random.Next(Products / Writers);
            int instance = random.Next(_instances);
            ProductAnswer written = await fleet.PutProductAsync(instance, product, price: 1 + update);
            Assert.Equal(200, written.Status);
            _seen.Saw(instance, product, written.Version!.Value);

            await ReadOnceAsync(instance, product);
            for (int other = 0; other < _instances; other++)
            {
                await Eventually.HoldsAsync(
                    async () => await ReadOnceAsync(other, product) >= written.Version,
                    $"instance {other} has version {written.Version} of product {product}",
                    TestContext.Current.CancellationToken);
            }
        }
    }

    private async Task<long> ReadOnceAsync(int instance, int product)
    {
        long before = _seen.Latest(instance, product);
        ProductAnswer answer = await fleet.GetProductAsync(instance, product);
        Assert.Equal(200, answer.Status);
        Assert.True(answer.Version >= before, $"instance {instance} went back from version {before} to {answer.Version} of product {product}");
        _seen.Saw(instance, product, answer.Version!.Value);
        return answer.Version.Value;
    }

    /// <summary>The newest version of each product that each instance has answered with.</summary>
    private sealed class SeenVersions(int instances, int products)
    {
        private readonly long[] _versions = new long[instances * (products + 1)];

        public long Latest(int instance, int product) => Volatile.Read(ref _versions[instance * (products + 1) + product]);

        public void Saw(int instance, int product, long version)
        {
            ref long slot = ref _versions[instance * (products + 1) + product];
            long latest = Volatile.Read(ref slot);
            while (version > latest)
                latest = Interlocked.CompareExchange(ref slot, version, latest) is var was && was == latest ? version : was;
        }
    }
}
