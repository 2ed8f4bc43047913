using TByte.Functions.Configuration;

namespace TByte.Functions.Resilience;

/// <summary>
/// Section <c>Breaker</c>: when a server counts as sick, how long it is left alone and how it is tried again. All instances of a
/// fleet must have the same. Five failures within ten seconds to open and three successes to close are the incident's numbers;
/// its fixed 30 s are the longest open time here, not the first.
/// </summary>
public sealed record BreakerOptions : IValidatedOptions
{
    /// <summary>The section's name.</summary>
    public const string Section = "Breaker";

    /// <summary>Failures within <see cref="SamplingWindow"/> that open it, over the fleet and, for the local breaker, in one instance.</summary>
    public int FailureThreshold { get; init; } = 5;

    /// <summary>Share of failures among all calls that opens it, in the window or in its latest tenth.</summary>
    public double FailureRatio { get; init; } = 0.5;

    /// <summary>How long a call counts.</summary>
    public TimeSpan SamplingWindow { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A call that succeeds but takes longer is slow.</summary>
    public TimeSpan SlowCallDuration { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Slow calls within <see cref="SamplingWindow"/> that open it.</summary>
    public int SlowCallThreshold { get; init; } = 20;

    /// <summary>Share of slow calls among all calls that opens it, likewise; 1 opens it only when every call is slow.</summary>
    public double SlowCallRatio { get; init; } = 0.8;

    /// <summary>Successful probes that close it.</summary>
    public int SuccessesToClose { get; init; } = 3;

    /// <summary>How long it is open at first; doubles each time it opens again.</summary>
    public TimeSpan FirstOpenTime { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long it is open at most. Also: having been closed for this long, it starts with <see cref="FirstOpenTime"/> again.</summary>
    public TimeSpan LongestOpenTime { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Share by which open times are shortened at random.</summary>
    public double Jitter { get; init; } = 0.2;

    /// <summary>Probes in flight at most, over the whole fleet.</summary>
    public int ProbePermits { get; init; } = 2;

    /// <summary>How often an instance looks whether there is something to probe; an open breaker is probed once in this time by the whole fleet.</summary>
    public TimeSpan ProbeInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>A probe that takes longer has failed.</summary>
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>After this the slot of a prober that died is free again; longer than <see cref="ProbeTimeout"/>.</summary>
    public TimeSpan ProbeLease { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>After closing, calls ramp over this time: 10, 25, 50, then 100 %.</summary>
    public TimeSpan RampTime { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often an instance reports and looks, beside what is pushed to it. An instance counts as gone after three times this.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long an instance waits at least between two reports, however many calls fail.</summary>
    public TimeSpan ReportInterval { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Decides and tells, but refuses no call.</summary>
    public bool Shadow { get; init; }

    /// <summary>Silence after which an instance counts as gone, and after which an instance goes on without the shared state.</summary>
    internal TimeSpan InstanceLife => 3 * PollInterval;

    /// <inheritdoc/>
    public IEnumerable<string> Problems() =>
    [
        .. SettingBounds.Between("Breaker:FailureThreshold", FailureThreshold, 1, 1_000_000),
        .. SettingBounds.Between("Breaker:FailureRatio", FailureRatio, 0.01, 1.0),
        .. SettingBounds.Between("Breaker:SamplingWindow", SamplingWindow, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(10)),
        .. SettingBounds.Between("Breaker:SlowCallDuration", SlowCallDuration, TimeSpan.FromMilliseconds(1), TimeSpan.FromMinutes(10)),
        .. SettingBounds.Between("Breaker:SlowCallThreshold", SlowCallThreshold, 1, 1_000_000),
        .. SettingBounds.Between("Breaker:SlowCallRatio", SlowCallRatio, 0.01, 1.0),
        .. SettingBounds.Between("Breaker:SuccessesToClose", SuccessesToClose, 1, 100),
        .. SettingBounds.Between("Breaker:FirstOpenTime", FirstOpenTime, TimeSpan.FromMilliseconds(10), LongestOpenTime),
        .. SettingBounds.Between("Breaker:LongestOpenTime", LongestOpenTime, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(10)),
        .. SettingBounds.Between("Breaker:Jitter", Jitter, 0.0, 0.5),
        .. SettingBounds.Between("Breaker:ProbePermits", ProbePermits, 1, 100),
        .. SettingBounds.Between("Breaker:ProbeInterval", ProbeInterval, TimeSpan.FromMilliseconds(10), TimeSpan.FromMinutes(1)),
        .. SettingBounds.Between("Breaker:ProbeTimeout", ProbeTimeout, TimeSpan.FromMilliseconds(10), ProbeLease),
        .. SettingBounds.Between("Breaker:ProbeLease", ProbeLease, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1)),
        .. SettingBounds.Between("Breaker:RampTime", RampTime, TimeSpan.Zero, TimeSpan.FromMinutes(10)),
        .. SettingBounds.Between("Breaker:PollInterval", PollInterval, TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1)),
        .. SettingBounds.Between("Breaker:ReportInterval", ReportInterval, TimeSpan.FromMilliseconds(10), PollInterval),
    ];
}
