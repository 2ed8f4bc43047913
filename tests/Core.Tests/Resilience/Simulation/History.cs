using CsCheck;

namespace TByte.Functions.Core.Tests.Resilience.Simulation;

internal enum Happening
{
    Call,
    Report,
    BeginProbe,
    EndProbe,
    TimePasses,
    ServerFails,
    ServerRecovers,
    CutOff,
    Reconnect,
    Crash,
    Partition,
    Heal,
    Deafen,
    RedisFails,
    RedisRecovers,
    Flush,
    ClockForward,
    ClockBack,
    ForceOpen,
    ForceClosed,
    GiveBack,
}

/// <summary>One thing that happens, to an instance where it concerns one, and how much of it where that means something.</summary>
internal readonly record struct Event(Happening What, int Instance, int Amount);

/// <summary>What happens to a fleet, event by event.</summary>
internal sealed record History(int Instances, Event[] Events)
{
    private static readonly Gen<Happening> Happenings = Gen.Frequency(
        (30, Gen.Const(Happening.Call)),
        (20, Gen.Const(Happening.Report)),
        (12, Gen.Const(Happening.BeginProbe)),
        (12, Gen.Const(Happening.EndProbe)),
        (14, Gen.Const(Happening.TimePasses)),
        (3, Gen.Const(Happening.ServerFails)),
        (2, Gen.Const(Happening.ServerRecovers)),
        (2, Gen.Const(Happening.CutOff)),
        (1, Gen.Const(Happening.Reconnect)),
        (2, Gen.Const(Happening.Crash)),
        (2, Gen.Const(Happening.Partition)),
        (1, Gen.Const(Happening.Heal)),
        (1, Gen.Const(Happening.Deafen)),
        (1, Gen.Const(Happening.RedisFails)),
        (1, Gen.Const(Happening.RedisRecovers)),
        (1, Gen.Const(Happening.Flush)),
        (1, Gen.Const(Happening.ClockForward)),
        (1, Gen.Const(Happening.ClockBack)),
        (1, Gen.Int[0, 2].Select(static which => Happening.ForceOpen + which)));

    /// <summary>Histories of 2 to 8 instances.</summary>
    public static Gen<History> Any { get; } = Gen.Select(
        Gen.Int[2, 8],
        Gen.Select(Happenings, Gen.Int[0, 7], Gen.Int[1, 20], static (what, instance, amount) => new Event(what, instance, amount))
            .Array[20, 120],
        static (instances, events) => new History(instances, events));

    public override string ToString() =>
        $"{Instances} instances: {string.Join(", ", Events.Select(static one => $"{one.What}({one.Instance},{one.Amount})"))}";
}
