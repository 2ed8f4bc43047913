using CsCheck;
using Microsoft.Extensions.Time.Testing;
using TByte.Functions.Caching;
using TByte.Functions.Redis;

namespace TByte.Functions.Core.Tests.Caching;

public class RecentMaximaTests
{
    private const int Size = 3;
    private static readonly TimeSpan Life = TimeSpan.FromSeconds(10);

    private static readonly Gen<(int Wait, int Key, long Value)> Raises = Gen.Select(Gen.Int[0, 4_000], Gen.Int[0, 9], Gen.Long[1, 50]);

    private readonly FakeTimeProvider _time = new();
    private readonly RecentMaxima<long> _maxima;

    public RecentMaximaTests() => _maxima = new RecentMaxima<long>(new RedisClock(_time), Life, Size);

    /// <summary>Random histories against a memory without bounds.</summary>
    [Fact]
    public void Remembers_all_that_was_raised_since_and_no_more_than_two_generations_hold() =>
        Raises.Array[1, 100].Sample(history =>
        {
            FakeTimeProvider time = new();
            RedisClock clock = new(time);
            RecentMaxima<long> maxima = new(clock, Life, Size);
            List<(long At, int Key, long Value)> all = [];
            foreach ((int wait, int key, long value) in history)
            {
                time.Advance(TimeSpan.FromMilliseconds(wait));
                maxima.Raise($"{key}", value);
                all.Add((clock.MonotonicMilliseconds, key, value));

                for (int other = 0; other < 10; other++)
                {
                    long ever = all.Where(raised => raised.Key == other).Max(raised => (long?)raised.Value) ?? 0;
                    long since = all.Where(raised => raised.Key == other && raised.At > maxima.Since).Max(raised => (long?)raised.Value) ?? 0;
                    Assert.InRange(maxima.Of($"{other}"), since, ever);
                }
                Assert.InRange(Enumerable.Range(0, 10).Count(other => maxima.Of($"{other}") != 0), 1, 2 * Size);
            }
        });

    [Fact]
    public void Is_remembered_for_a_generation_and_forgotten_after_two()
    {
        _maxima.Raise("a", 7);

        _time.Advance(Life);
        _maxima.Raise("b", 1);
        Assert.Equal(7, _maxima.Of("a"));

        _time.Advance(Life - TimeSpan.FromMilliseconds(1));
        _maxima.Raise("b", 1);
        Assert.Equal(7, _maxima.Of("a"));

        _time.Advance(TimeSpan.FromMilliseconds(1));
        _maxima.Raise("b", 1);
        Assert.Equal(0, _maxima.Of("a"));
    }

    [Fact]
    public void A_full_generation_turns_before_its_time()
    {
        for (int key = 0; key < 2 * Size; key++)
            _maxima.Raise($"{key}", 7);
        Assert.All(Enumerable.Range(0, 2 * Size), key => Assert.Equal(7, _maxima.Of($"{key}")));

        _maxima.Raise("one more", 7);
        Assert.Equal([0, 0, 0, 7, 7, 7], Enumerable.Range(0, 2 * Size).Select(key => _maxima.Of($"{key}")));
    }

    [Fact]
    public void A_lower_value_changes_nothing_in_either_generation()
    {
        _maxima.Raise("a", 7);
        _maxima.Raise("a", 3);
        Assert.Equal(7, _maxima.Of("a"));

        _time.Advance(Life);
        _maxima.Raise("a", 5);
        Assert.Equal(7, _maxima.Of("a"));
    }
}
