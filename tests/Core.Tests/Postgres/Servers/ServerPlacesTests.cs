using CsCheck;
using TByte.Functions.Postgres;

namespace TByte.Functions.Core.Tests.Postgres.Servers;

public sealed class ServerPlacesTests
{
    private abstract record Step
    {
        public sealed record Take(PlaceKind Kind) : Step;

        public sealed record Return(int Which) : Step;

        /// <summary>The caller leaves, and its query goes on.</summary>
        public sealed record Abandon(int Which) : Step;
    }

    private static readonly Gen<Step> Steps = Gen.OneOf(
        Gen.Bool.Select(own => (Step)new Step.Take(own ? PlaceKind.Own : PlaceKind.InsteadOfReplica)),
        Gen.Int[0, 20].Select(which => (Step)new Step.Return(which)),
        Gen.Int[0, 20].Select(which => (Step)new Step.Abandon(which)));

    /// <summary>The model: the places that somebody holds.</summary>
    [Fact]
    public async Task Never_gives_more_than_there_are_of_either_kind() =>
        await Gen.Select(Gen.Int[1, 6], Gen.Int[0, 6], Steps.Array[0, 60]).SampleAsync(async (max, insteadOfReplica, steps) =>
        {
            using ServerPlaces places = new(max, insteadOfReplica);
            List<(ServerPlaces.Place Place, PlaceKind Kind)> held = [];
            foreach (Step step in steps)
            {
                switch (step)
                {
                    case Step.Take(PlaceKind kind):
                        bool isFree = held.Count < max
                            && (kind == PlaceKind.Own || held.Count(place => place.Kind == PlaceKind.InsteadOfReplica) < insteadOfReplica);
                        try
                        {
                            held.Add((await places.TakeAsync(kind, Now, () => false, TestContext.Current.CancellationToken), kind));
                            Assert.True(isFree);
                        }
                        catch (DatabaseBusyException)
                        {
                            Assert.False(isFree);
                        }
                        break;
                    case Step.Return(int which) when which < held.Count:
                        held[which].Place.Dispose();
                        held[which].Place.Dispose();
                        held.RemoveAt(which);
                        break;
                    case Step.Abandon(int which) when which < held.Count:
                        ServerPlaces.Place left = held[which].Place;
                        held[which] = (left.HandOver(), held[which].Kind);
                        left.Dispose();
                        break;
                }

                Assert.Equal(held.Count, places.Taken);
            }
        }, iter: 500, threads: 1);

    [Fact]
    public async Task Nobody_waits_behind_the_queries_of_a_broken_server()
    {
        using ServerPlaces places = new(1, 1);
        using ServerPlaces.Place hung = await places.TakeAsync(PlaceKind.Own, Now, () => false, TestContext.Current.CancellationToken);
        Deadline never = Deadline.In(TimeProvider.System, TimeSpan.FromHours(1));

        await Assert.ThrowsAsync<DatabaseBusyException>(
            () => places.TakeAsync(PlaceKind.Own, never, () => true, TestContext.Current.CancellationToken).AsTask());
    }

    private static Deadline Now => Deadline.In(TimeProvider.System, TimeSpan.Zero);
}
