using CsCheck;
using NpgsqlTypes;
using TByte.Functions.Postgres;

namespace TByte.Functions.Core.Tests.Postgres.Routing;

public sealed class ReplicaChoiceTests
{
    private static readonly TimeSpan MaxLag = TimeSpan.FromSeconds(5);

    private static readonly Gen<ReplicaState> States =
        from reachable in Gen.Frequency((4, Gen.Const(true)), (1, Gen.Const(false)))
        from broken in Gen.Frequency((1, Gen.Const(true)), (4, Gen.Const(false)))
        from lag in Gen.OneOf(Gen.Const(0), Gen.Int[0, 10_000], Gen.Const(5_000), Gen.Const(5_001))
        from replayed in Gen.ULong[0, 20]
        from max in Gen.Int[1, 60]
        from busy in Gen.Int[0, 60]
        select new ReplicaState(
            reachable, broken, TimeSpan.FromMilliseconds(lag), new NpgsqlLogSequenceNumber(replayed), Math.Min(busy, max), max);

    [Fact]
    public void Never_picks_one_that_may_not_be_read_nor_the_busiest_of_several() =>
        Gen.Select(States.Array[0, 5], Gen.ULong[0, 20], Gen.Int).Sample((replicas, atLeast, seed) =>
        {
            NpgsqlLogSequenceNumber position = new(atLeast);
            bool[] usable = [.. replicas.Select(
                replica => replica.IsReachable && !replica.IsBroken && replica.Lag <= MaxLag && replica.Replayed >= position)];

            int picked = ReplicaChoice.Pick(replicas, MaxLag, position, new Random(seed));

            if (picked < 0)
            {
                Assert.DoesNotContain(true, usable);
                return;
            }

            Assert.True(usable[picked]);
            double[] others = [.. replicas.Where((_, i) => i != picked && usable[i]).Select(Load)];
            Assert.True(others.Length == 0 || others.Max() >= Load(replicas[picked]), "the busiest was picked");
        });

    [Fact]
    public void Takes_the_less_busy_of_two() =>
        Gen.Select(States, States, Gen.Int).Sample((one, other, seed) =>
        {
            ReplicaState[] replicas = [Usable(one), Usable(other)];
            int picked = ReplicaChoice.Pick(replicas, MaxLag, default, new Random(seed));
            Assert.True(Load(replicas[picked]) <= Load(replicas[1 - picked]));
        });

    [Fact]
    public void Equally_busy_ones_share_the_reads()
    {
        ReplicaState idle = Usable(new ReplicaState { Max = 50 });
        ReplicaState[] replicas = [idle, idle, idle];
        Random random = new(1);

        int[] picked = new int[3];
        for (int i = 0; i < 3_000; i++)
            picked[ReplicaChoice.Pick(replicas, MaxLag, default, random)]++;

        Assert.All(picked, times => Assert.InRange(times, 800, 1_200));
    }

    private static ReplicaState Usable(ReplicaState state) => state with { IsReachable = true, IsBroken = false, Lag = TimeSpan.Zero };

    private static double Load(ReplicaState replica) => (double)replica.Busy / replica.Max;
}
