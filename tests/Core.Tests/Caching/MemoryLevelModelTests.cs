using CsCheck;
using Microsoft.Extensions.Time.Testing;
using TByte.Functions.Caching;
using TByte.Functions.Redis;

namespace TByte.Functions.Core.Tests.Caching;

/// <summary>Random histories of one instance's memory against what must hold of any of them.</summary>
public class MemoryLevelModelTests
{
    private static readonly CachePolicy Versioned = new("product", TimeSpan.FromHours(1), IsVersioned: true);
    private static readonly TimeSpan GenerationLife = TimeSpan.FromSeconds(10);

    private abstract record Step
    {
        /// <summary>A reader sets out.</summary>
        public sealed record Begin(int Reader) : Step;

        /// <summary>A reader comes home with a version and offers it; 0 is "not found".</summary>
        public sealed record Offer(int Reader, string Key, long Version) : Step;

        public sealed record Invalidate(string Key, long Version) : Step;

        public sealed record Wait(int Seconds) : Step;
    }

    private static readonly Gen<string> Keys = Gen.Int[1, 3].Select(id => $"product:{id}");

    private static readonly Gen<Step> Steps = Gen.OneOf(
        Gen.Int[0, 3].Select(reader => (Step)new Step.Begin(reader)),
        Gen.Select(Gen.Int[0, 3], Keys, Gen.Long[0, 20]).Select((reader, key, version) => (Step)new Step.Offer(reader, key, version)),
        Gen.Select(Keys, Gen.Long[1, 20]).Select((key, version) => (Step)new Step.Invalidate(key, version)),
        Gen.Int[1, 15].Select(seconds => (Step)new Step.Wait(seconds)));

    [Fact]
    public void Never_answers_with_less_than_it_has_heard_of_or_held() =>
        Steps.Array[1, 60].Sample(history =>
        {
            FakeTimeProvider time = new();
            RedisClock clock = new(time);
            // A generation of two keys turns often, so that forgetting is a part of most histories.
            MemoryLevel memory = new(capacity: 100, new VersionFence(clock, GenerationLife, generationSize: 2));
            time.Advance(TimeSpan.FromMilliseconds(1));
            long[] began = [.. Enumerable.Repeat(clock.MonotonicMilliseconds, 4)];
            Dictionary<string, long> heardOf = [];
            Dictionary<(string Key, long Heard), long> heardAt = [];

            foreach (Step step in history)
            {
                switch (step)
                {
                    case Step.Begin(int reader):
                        began[reader] = clock.MonotonicMilliseconds;
                        break;
                    case Step.Offer(int reader, string key, long version) when CouldHaveBeenRead(key, version, began[reader]):
                        memory.Offer(new CacheKey(Versioned, key), Entry(version, clock), began[reader]);
                        break;
                    case Step.Invalidate(string key, long version):
                        memory.Invalidate(key, version);
                        heardOf[key] = Math.Max(heardOf.GetValueOrDefault(key), version);
                        heardAt.TryAdd((key, version), clock.MonotonicMilliseconds);
                        break;
                    case Step.Wait(int seconds):
                        time.Advance(TimeSpan.FromSeconds(seconds));
                        break;
                }

                foreach ((string key, long least) in heardOf)
                    Assert.True(memory.Find(key) is not { } entry || entry.Version >= least, $"{key} is below {least} after {step}");
            }

            // What the database could have shown: nothing older than what was written, and known here, before the reader set out.
            bool CouldHaveBeenRead(string key, long version, long readerBegan) =>
                heardAt.All(heard => heard.Key.Key != key || heard.Value >= readerBegan || version >= heard.Key.Heard);
        }, iter: 20_000);

    [Fact]
    public void A_negative_entry_never_replaces_a_row()
    {
        RedisClock clock = new(new FakeTimeProvider());
        MemoryLevel memory = new(100, new VersionFence(clock, GenerationLife, 100));
        CacheKey key = new(Versioned, "product:1");
        long began = clock.MonotonicMilliseconds + 1;

        memory.Offer(key, Entry(3, clock), began);
        memory.Offer(key, Entry(0, clock), began);

        Assert.Equal(3, memory.Find(key.Name)!.Version);
    }

    [Fact]
    public void A_reader_that_set_out_before_the_oldest_generation_is_not_admitted()
    {
        FakeTimeProvider time = new();
        RedisClock clock = new(time);
        MemoryLevel memory = new(100, new VersionFence(clock, GenerationLife, generationSize: 1));
        time.Advance(TimeSpan.FromMilliseconds(1));
        long began = clock.MonotonicMilliseconds;
        time.Advance(TimeSpan.FromMilliseconds(1));

        memory.Invalidate("product:1", 7);
        memory.Invalidate("product:2", 1);
        memory.Invalidate("product:3", 1);
        memory.Invalidate("product:4", 1);
        memory.Offer(new CacheKey(Versioned, "product:1"), Entry(6, clock), began);

        Assert.Null(memory.Find("product:1"));
    }

    [Fact]
    public void Racing_threads_leave_the_newest_row()
    {
        ParallelOptions threads = new() { MaxDegreeOfParallelism = 3, CancellationToken = TestContext.Current.CancellationToken };
        for (int round = 0; round < 2_000; round++)
        {
            RedisClock clock = new(new FakeTimeProvider());
            MemoryLevel memory = new(100, new VersionFence(clock, GenerationLife, 100));
            CacheKey key = new(Versioned, "product:1");
            long began = clock.MonotonicMilliseconds + 1;

            Parallel.Invoke(
                threads,
                () => memory.Offer(key, Entry(5, clock), began),
                () => memory.Offer(key, Entry(6, clock), began),
                () => memory.Invalidate(key.Name, 6));

            Assert.True(memory.Find(key.Name) is not { } entry || entry.Version == 6);
        }
    }

    private static CacheEntry Entry(long version, RedisClock clock) => new()
    {
        Representation = version == 0 ? null : new Representation([], version),
        ReadAt = clock.MonotonicMilliseconds,
        FreshUntil = long.MaxValue,
        FailSafeUntil = long.MaxValue,
    };
}
