using TByte.Functions.Testing.Postgres;
using TByte.Functions.Testing.Redis;

namespace TByte.Functions.Fleet.Tests;

/// <summary>Writes under read load: what an instance has shown once it never goes back behind.</summary>
public sealed class WriteTests(PostgresFixture postgres)
{
    private const int Instances = 3;
    private const int Products = 20;
    private const int Updates = 1_000;
    private const int Writers = 4;

    [Fact]
    public async Task A_thousand_updates_are_seen_everywhere_and_never_taken_back()
    {
        await using TestRedis redis = await TestRedis.StartAsync(TestContext.Current.CancellationToken);
        // Short lives, so that memory is refilled all the time while the writes go on.
        await using ApiFleet fleet = await ApiFleet.StartAsync(
            Instances, await postgres.CreateDatabaseAsync(), redis.Connection, ApiFleet.Patient,
            ("Cache__MemoryLife", "00:00:00.050"), ("Cache__ProductLife", "00:00:00.500"));
        SeenVersions seen = new(Instances, Products);
        using CancellationTokenSource done = new();

        Task reading = Task.WhenAll(Enumerable.Range(0, 2 * Instances).Select(reader => ReadAsync(fleet, seen, reader, done.Token)));
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => WriteAsync(fleet, seen, writer)));
        await done.CancelAsync();
        await reading;

        Assert.Equal(Updates + Products, Enumerable.Range(1, Products).Sum(product => seen.Latest(0, product)));
    }

    private static async Task ReadAsync(ApiFleet fleet, SeenVersions seen, int reader, CancellationToken done)
    {
        Random random = new(reader);
        while (!done.IsCancellationRequested)
        {
            await ReadOnceAsync(fleet, seen, reader % Instances, random.Next(1, Products + 1));
            await Task.Delay(1, CancellationToken.None);
        }
    }

    private static async Task WriteAsync(ApiFleet fleet, SeenVersions seen, int writer)
    {
        Random random = new(1_000 + writer);
        for (int update = 0; update < Updates / Writers; update++)
        {
            // Each writer has products of its own, so that the version it has written is the newest there is.
            int product = 1 + writer + Writers * random.Next(Products / Writers);
            int instance = random.Next(Instances);
            ProductAnswer written = await fleet.PutProductAsync(instance, product, price: 1 + update);
            Assert.Equal(200, written.Status);
            seen.Saw(instance, product, written.Version!.Value);

            await ReadOnceAsync(fleet, seen, instance, product);
            for (int other = 0; other < Instances; other++)
            {
                long version;
                do
                    version = await ReadOnceAsync(fleet, seen, other, product);
                while (version < written.Version);
            }
        }
    }

    private static async Task<long> ReadOnceAsync(ApiFleet fleet, SeenVersions seen, int instance, int product)
    {
        long before = seen.Latest(instance, product);
        ProductAnswer answer = await fleet.GetProductAsync(instance, product);
        Assert.Equal(200, answer.Status);
        Assert.True(answer.Version >= before, $"instance {instance} went back from version {before} to {answer.Version} of product {product}");
        seen.Saw(instance, product, answer.Version!.Value);
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
