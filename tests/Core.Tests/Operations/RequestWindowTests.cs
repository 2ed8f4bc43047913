using CsCheck;
using Microsoft.Extensions.Time.Testing;
using TByte.Functions.Operations;
using TByte.Functions.Redis;

namespace TByte.Functions.Core.Tests.Operations;

public sealed class RequestWindowTests
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 3, 4, 12, 0, 0, TimeSpan.Zero));
    private readonly RequestWindow _window;

    public RequestWindowTests() => _window = new RequestWindow(new RedisClock(_time), _time);

    /// <summary>Random times on several instances, against the same percentiles of the times themselves.</summary>
    [Fact]
    public void Percentiles_of_several_instances_are_at_most_one_in_32_from_the_exact_ones() =>
        Gen.Select(Gen.Int[0, 21], Gen.Double[1, 2], Gen.Int[0, 3], Gen.Bool).Array[1, 300].Sample(answers =>
        {
            FakeTimeProvider time = new();
            RedisClock clock = new(time);
            RequestWindow[] instances = [.. Enumerable.Range(0, 4).Select(_ => new RequestWindow(clock, time))];
            List<double> exact = [];
            foreach ((int power, double factor, int instance, bool failed) in answers)
            {
                TimeSpan took = TimeSpan.FromMicroseconds(Math.Floor(factor * Math.Pow(2, power)));
                exact.Add(took.TotalMilliseconds);
                Answer(instances[instance], time, took, failed);
            }

            RequestTally tally = new();
            foreach (RequestSlot slot in instances.SelectMany(instance => instance.Read()))
                tally.Add(slot);

            RequestFigures figures = tally.Read();
            exact.Sort();
            Assert.Equal((answers.Length, answers.Count(answer => answer.Item4)), (figures.Answers, figures.Failed));
            foreach ((int percent, double? told) in ((int, double?)[])[(50, figures.P50Ms), (95, figures.P95Ms), (99, figures.P99Ms)])
            {
                double one = exact[(int)Math.Ceiling(exact.Count * percent / 100.0) - 1];
                Assert.InRange(Math.Abs(told!.Value - one), 0, Math.Max(one / 32, 0.0005) + 0.0001);
            }
        });

    [Fact]
    public void Forgets_what_is_older_than_five_minutes()
    {
        Answer(TimeSpan.FromMilliseconds(3), failed: true);
        long first = Assert.Single(_window.Read()).Number;
        Assert.Equal(_time.GetUtcNow().ToUnixTimeSeconds() / 10, first);

        _time.Advance(TimeSpan.FromSeconds(290));
        Answer(TimeSpan.FromMilliseconds(3), failed: false);
        Assert.Equal([first, first + 29], _window.Read().Select(slot => slot.Number));
        Assert.Equal([1, 0], _window.Read().Select(slot => slot.Failed));

        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal([first + 29], _window.Read().Select(slot => slot.Number));

        // In place of the first one, whose place it takes over.
        _time.Advance(TimeSpan.FromSeconds(20));
        Answer(TimeSpan.FromMilliseconds(3), failed: false);
        Assert.Equal([first + 29, first + 32], _window.Read().Select(slot => slot.Number));

        _time.Advance(TimeSpan.FromHours(1));
        Assert.Empty(_window.Read());
    }

    [Fact]
    public void Goes_on_when_redis_clock_is_set_back()
    {
        RedisClock clock = new(_time);
        RequestWindow window = new(clock, _time);
        Answer(window, _time, TimeSpan.FromMilliseconds(3), failed: false);
        clock.Set(_time.GetUtcNow().UtcDateTime.AddHours(-1), clock.MonotonicMilliseconds);
        Assert.Empty(window.Read());

        Answer(window, _time, TimeSpan.FromMilliseconds(3), failed: false);

        Assert.Equal((_time.GetUtcNow().ToUnixTimeSeconds() - 3600) / 10, Assert.Single(window.Read()).Number);
    }

    [Fact]
    public async Task Loses_no_answer_of_many_threads()
    {
        const int Threads = 8, Each = 20_000;
        long ended = _time.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Threads).Select(thread => Task.Run(() =>
        {
            for (int i = 0; i < Each; i++)
                _window.Answered(ended - i % 7 * TimeSpan.TicksPerMillisecond, ended, failed: i % 10 == 0);
        })));

        RequestSlot slot = Assert.Single(_window.Read());
        Assert.Equal(Threads * Each, slot.Latencies.Where((_, i) => i % 2 == 1).Sum());
        Assert.Equal(Threads * Each / 10, slot.Failed);
    }

    [Fact]
    public void An_answer_in_a_slot_that_is_there_allocates_nothing()
    {
        Answer(TimeSpan.FromMilliseconds(3), failed: false);
        long began = _time.GetTimestamp();
        _window.Answered(began, began, failed: true);

        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1_000; i++)
            _window.Answered(began, began, failed: true);

        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    private void Answer(TimeSpan took, bool failed) => Answer(_window, _time, took, failed);

    private static void Answer(RequestWindow window, FakeTimeProvider time, TimeSpan took, bool failed)
    {
        long ended = time.GetTimestamp();
        window.Answered(ended - took.Ticks * time.TimestampFrequency / TimeSpan.TicksPerSecond, ended, failed);
    }
}
