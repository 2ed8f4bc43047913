using CsCheck;
using Microsoft.Extensions.Time.Testing;
using TByte.Functions.Resilience;

namespace TByte.Functions.Core.Tests.Resilience;

public sealed class EvidenceWindowTests
{
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan Slice = Window / 20;

    private enum Call
    {
        Failure,
        Success,
        Slow,
    }

    [Fact]
    public void Counts_what_lies_within_the_window_and_no_more_than_a_slice_longer() =>
        Gen.Select(Gen.Int[0, 2_000], Gen.Int[0, 2]).Array[1, 200].Sample(steps =>
        {
            FakeTimeProvider time = new();
            EvidenceWindow window = new(Window, time);
            List<(DateTimeOffset At, Call Call)> calls = [];
            foreach ((int pause, int kind) in steps)
            {
                time.Advance(TimeSpan.FromMilliseconds(pause));
                calls.Add((time.GetUtcNow(), (Call)kind));
                if ((Call)kind == Call.Failure)
                    window.AddFailure(time.GetTimestamp());
                else
                    window.AddSuccess(time.GetTimestamp(), slow: (Call)kind == Call.Slow);

                Evidence counted = window.Count(time.GetTimestamp());
                Evidence least = CountSince(calls, time.GetUtcNow() - Window);
                Evidence most = CountSince(calls, time.GetUtcNow() - Window - Slice);
                Assert.InRange(counted.Failures, least.Failures, most.Failures);
                Assert.InRange(counted.Slow, least.Slow, most.Slow);
                Assert.InRange(counted.Successes, least.Successes, most.Successes);
            }
        });

    [Fact]
    public void Counts_only_what_came_after_a_time_that_is_given()
    {
        FakeTimeProvider time = new();
        EvidenceWindow window = new(Window, time);
        window.AddFailure(time.GetTimestamp());
        long since = time.GetTimestamp();
        time.Advance(Slice);
        window.AddFailure(time.GetTimestamp());
        window.AddSuccess(time.GetTimestamp(), slow: false);

        Assert.Equal(new Evidence(1, 0, 1), window.Count(time.GetTimestamp(), since));
        Assert.Equal(new Evidence(2, 0, 1), window.Count(time.GetTimestamp()));
    }

    [Fact]
    public void A_call_that_was_timed_a_window_ago_does_not_turn_a_slice_back()
    {
        FakeTimeProvider time = new();
        EvidenceWindow window = new(Window, time);
        long early = time.GetTimestamp();
        time.Advance(Slice * 21);
        window.AddFailure(time.GetTimestamp());
        window.AddFailure(early);

        Assert.Equal(1, window.Count(time.GetTimestamp()).Failures);
    }

    [Fact]
    public async Task Counts_every_call_of_many_threads()
    {
        EvidenceWindow window = new(TimeSpan.FromMinutes(10), TimeProvider.System);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() =>
        {
            for (int i = 0; i < 50_000; i++)
            {
                window.AddFailure(TimeProvider.System.GetTimestamp());
                window.AddSuccess(TimeProvider.System.GetTimestamp(), slow: true);
            }
        })));

        Assert.Equal(new Evidence(200_000, 200_000, 200_000), window.Count(TimeProvider.System.GetTimestamp()));
    }

    [Theory]
    [InlineData(4, 0, 0, null)]
    [InlineData(5, 0, 5, "5 of 10 calls failed")]
    [InlineData(5, 0, 6, null)]
    [InlineData(0, 19, 19, null)]
    [InlineData(0, 20, 25, "20 of 25 calls were slow")]
    [InlineData(0, 20, 26, null)]
    [InlineData(5, 20, 20, "20 of 25 calls were slow")]
    public void Is_enough_by_number_and_share(int failures, int slow, int successes, string? reason) =>
        Assert.Equal(reason, new Evidence(failures, slow, successes).ReasonToOpen(new BreakerOptions()));

    private static Evidence CountSince(List<(DateTimeOffset At, Call Call)> calls, DateTimeOffset since)
    {
        Call[] counted = [.. calls.Where(call => call.At > since).Select(call => call.Call)];
        return new Evidence(
            counted.Count(call => call == Call.Failure), counted.Count(call => call == Call.Slow), counted.Count(call => call != Call.Failure));
    }
}
