using CsCheck;
using Microsoft.Extensions.Time.Testing;
using NpgsqlTypes;
using TByte.Functions.Postgres;

namespace TByte.Functions.Core.Tests.Postgres.Routing;

public sealed class ReplicaLagTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly FakeTimeProvider _time = new();
    private readonly ReplicaLag _lag;

    public ReplicaLagTests() => _lag = new ReplicaLag(_time);

    [Fact]
    public void Ten_minutes_without_a_write_are_no_lag()
    {
        _lag.PrimaryIsAt(At(100));
        for (int second = 0; second < 600; second++)
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            _lag.PrimaryIsAt(At(100));
            Assert.Equal(TimeSpan.Zero, _lag.Of(At(100), TimeSpan.FromSeconds(second)));
        }
    }

    [Fact]
    public void The_first_write_after_ten_minutes_is_as_old_as_it_is()
    {
        _lag.PrimaryIsAt(At(100));
        _time.Advance(TimeSpan.FromMinutes(10));
        _lag.PrimaryIsAt(At(200));
        _time.Advance(TimeSpan.FromSeconds(3));
        _lag.PrimaryIsAt(At(200));

        Assert.Equal(TimeSpan.FromSeconds(3), _lag.Of(At(100), TimeSpan.FromMinutes(10)));
        Assert.Equal(TimeSpan.Zero, _lag.Of(At(200), TimeSpan.FromSeconds(3)));
    }

    [Fact]
    public void A_primary_that_is_away_makes_nobody_lag_who_has_all_that_is_known()
    {
        _lag.PrimaryIsAt(At(100));
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(TimeSpan.Zero, _lag.Of(At(100), TimeSpan.FromHours(1)));
        Assert.Equal(TimeSpan.FromHours(1), _lag.Of(At(99), TimeSpan.FromHours(1)));
    }

    [Fact]
    public void A_primary_that_is_away_leaves_lag_as_it_was()
    {
        _lag.PrimaryIsAt(At(100));
        _time.Advance(TimeSpan.FromSeconds(1));
        _lag.PrimaryIsAt(At(200));
        _time.Advance(TimeSpan.FromSeconds(2));
        _lag.PrimaryIsAt(At(200));
        _time.Advance(TimeSpan.FromHours(1));

        Assert.Equal(TimeSpan.FromSeconds(2), _lag.Of(At(100), TimeSpan.FromHours(1)));
        Assert.Equal(TimeSpan.Zero, _lag.Of(At(200), TimeSpan.FromHours(1)));
    }

    [Fact]
    public void Behind_all_that_is_remembered_its_own_account_counts_too()
    {
        _lag.PrimaryIsAt(At(100));
        _time.Advance(TimeSpan.FromSeconds(2));
        _lag.PrimaryIsAt(At(100));

        Assert.Equal(TimeSpan.FromSeconds(40), _lag.Of(At(99), TimeSpan.FromSeconds(40)));
        Assert.Equal(TimeSpan.FromSeconds(2), _lag.Of(At(99), TimeSpan.FromSeconds(1)));
        Assert.Equal(TimeSpan.MaxValue, _lag.Of(At(99), null));
    }

    [Fact]
    public void Before_the_primary_was_seen_there_is_only_its_own_account()
    {
        Assert.Equal(TimeSpan.FromSeconds(40), _lag.Of(At(99), TimeSpan.FromSeconds(40)));
        Assert.Equal(TimeSpan.MaxValue, _lag.Of(At(99), null));
    }

    [Fact]
    public void A_primary_that_was_restored_is_a_new_one()
    {
        _lag.PrimaryIsAt(At(1_000));
        _time.Advance(TimeSpan.FromSeconds(1));
        _lag.PrimaryIsAt(At(10));

        Assert.Equal(TimeSpan.Zero, _lag.Of(At(10), TimeSpan.FromHours(1)));
    }

    /// <summary>Random histories of a primary that only grows, against a memory without bounds.</summary>
    [Fact]
    public void Is_the_age_of_the_first_position_that_is_missing() =>
        Gen.Select(Gen.Select(Gen.Int[0, 20_000], Gen.Int[0, 3]).Array[1, 200], Gen.Int[0, 600], Gen.Int[0, 120]).Sample(
            (history, replayed, reportedSeconds) =>
            {
                FakeTimeProvider time = new();
                ReplicaLag lag = new(time);
                TimeSpan reported = TimeSpan.FromSeconds(reportedSeconds);
                List<(DateTimeOffset At, ulong Position)> all = [];
                ulong position = 1;
                foreach ((int milliseconds, int written) in history)
                {
                    time.Advance(TimeSpan.FromMilliseconds(milliseconds));
                    position += (ulong)written;
                    if (all.Count == 0 || all[^1].Position != position)
                        all.Add((time.GetUtcNow(), position));
                    lag.PrimaryIsAt(At(position));

                    TimeSpan got = lag.Of(At((ulong)replayed), reported);
                    Assert.True(got <= lag.Of(At((ulong)replayed / 2), reported), "who has replayed less lags at least as much");
                    if ((ulong)replayed >= position)
                    {
                        Assert.Equal(TimeSpan.Zero, got);
                        continue;
                    }

                    int missing = all.FindIndex(seen => seen.Position > (ulong)replayed);
                    TimeSpan since = time.GetUtcNow() - all[missing].At;
                    if (missing > 0 && since <= Minute)
                        Assert.Equal(since, got);
                    else
                        Assert.True(got >= (since < Minute ? since : Minute), $"{got} instead of {since}");
                }
            });

    private static NpgsqlLogSequenceNumber At(ulong position) => new(position);
}
