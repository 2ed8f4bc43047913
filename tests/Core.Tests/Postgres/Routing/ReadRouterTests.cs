using CsCheck;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NpgsqlTypes;
using Polly;
using TByte.Functions.Identity;
using TByte.Functions.Postgres;

namespace TByte.Functions.Core.Tests.Postgres.Routing;

/// <summary>Random servers against what must hold of any route.</summary>
public sealed class ReadRouterTests
{
    private static readonly NpgsqlLogSequenceNumber Written = new(100);

    private sealed record Replica(bool IsReachable, bool IsBroken, bool IsLagging, ulong Replayed, bool WasTried);

    private static readonly Gen<Replica> Replicas =
        from reachable in Gen.Frequency((3, Gen.Const(true)), (1, Gen.Const(false)))
        from broken in Gen.Frequency((1, Gen.Const(true)), (3, Gen.Const(false)))
        from lagging in Gen.Bool
        from replayed in Gen.ULong[50, 110]
        from tried in Gen.Bool
        select new Replica(reachable, broken, lagging, lagging ? replayed % 50 : replayed, tried);

    [Fact]
    public async Task Reads_go_to_usable_replicas_and_to_the_primary_only_instead_of_one() =>
        await Gen.Select(Replicas.Array[0, 5], Gen.Bool, Gen.Frequency((2, Gen.ULong[0, 120]), (1, Gen.Const(ulong.MaxValue)))).SampleAsync(
            async (replicas, primaryWasTried, atLeastValue) =>
            {
                FakeTimeProvider time = new();
                HashSet<string> broken = [.. replicas.Index().Where(replica => replica.Item.IsBroken).Select(replica => Name(replica.Index))];
                PostgresOptions options = new() { Primary = "Host=a", Replicas = [.. replicas.Select(_ => "Host=b")] };
                await using DatabaseServers servers = new(
                    options,
                    AppIdentity.None,
                    (name, _) => new ServerGuard(ResiliencePipeline.Empty, ResiliencePipeline.Empty, () => broken.Contains(name)),
                    time,
                    NullLoggerFactory.Instance);
                // The primary was at 50 long ago and is at 100 now: who has less than 50 lags, who has more does not.
                ReplicaLag lag = new(time);
                lag.PrimaryIsAt(new NpgsqlLogSequenceNumber(50));
                time.Advance(TimeSpan.FromSeconds(40));
                lag.PrimaryIsAt(Written);
                TriedServers tried = primaryWasTried ? default(TriedServers).With(0) : default;
                for (int i = 0; i < replicas.Length; i++)
                {
                    if (replicas[i].IsReachable)
                        servers.Replicas[i].IsAt(new ServerObservation(IsInRecovery: true, new(replicas[i].Replayed), TimeSpan.Zero));
                    if (replicas[i].WasTried)
                        tried = tried.With(i + 1);
                }

                NpgsqlLogSequenceNumber atLeast = new(atLeastValue);
                Route? route = new ReadRouter(servers, lag, options).Next(atLeast, tried);

                bool[] usable = [.. replicas.Select(replica =>
                    replica is { IsReachable: true, IsBroken: false, IsLagging: false, WasTried: false } && replica.Replayed >= atLeastValue)];
                if (usable.Contains(true))
                {
                    Assert.True(usable[route!.Value.Number - 1]);
                    Assert.Equal(PlaceKind.Own, route.Value.Kind);
                    Assert.Same(servers.Replicas[route.Value.Number - 1], route.Value.Server);
                }
                else if (primaryWasTried)
                {
                    // Also where there is no replica: then it is asked again.
                    Assert.Null(route);
                }
                else
                {
                    Assert.Same(servers.Primary, route!.Value.Server);
                    Assert.Equal(replicas.Length == 0 ? PlaceKind.Own : PlaceKind.InsteadOfReplica, route.Value.Kind);
                }
            },
            iter: 300,
            threads: 1);

    private static string Name(int replica) => $"postgres-replica-{replica + 1}";
}
