using TByte.Functions.IncidentReplay.Target;
using TByte.Functions.IncidentReplay.Traffic;

namespace TByte.Functions.IncidentReplay.Reports;

/// <summary>What came of one request of the load.</summary>
/// <param name="Kind">What was read.</param>
/// <param name="At">When it was due, from the start of the warm-up.</param>
/// <param name="SendDelay">From when it was due until it was sent.</param>
/// <param name="Latency">From when it was due until its end.</param>
/// <param name="Answer">What came.</param>
internal readonly record struct Reading(RequestKind Kind, TimeSpan At, TimeSpan SendDelay, TimeSpan Latency, Answer Answer);

/// <summary>Keeps book of a load, in all, by kind and over time; of what was due in the warm-up it keeps nothing. Safe for concurrent use.</summary>
internal sealed class Tally
{
    private const int MostSteps = 240;

    private readonly Lock _lock = new();
    private readonly TimeSpan _warmUp;
    private readonly SortedDictionary<RequestKind, Count> _kinds = [];
    private readonly SortedDictionary<string, long> _errors = new(StringComparer.Ordinal);
    private readonly Count[] _steps;
    private long _lastDue;
    private long _abandoned;

    public Tally(TimeSpan warmUp, TimeSpan duration)
    {
        _warmUp = warmUp;
        StepLength = TimeSpan.FromSeconds(Math.Ceiling(duration.TotalSeconds / MostSteps));
        _steps = new Count[(int)Math.Ceiling(duration / StepLength)];
    }

    /// <summary>How long a step of <see cref="Steps"/> is, in whole seconds.</summary>
    public TimeSpan StepLength { get; }

    /// <summary>When the latest request was due that has begun, from the start of the warm-up.</summary>
    public TimeSpan LastDue
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref _lastDue));
        set => Interlocked.Exchange(ref _lastDue, value.Ticks);
    }

    /// <summary>Requests whose end was not waited for.</summary>
    public long Abandoned => Interlocked.Read(ref _abandoned);

    /// <summary>The others may be read when the load has ended.</summary>
    public Count All { get; } = new(digits: 3);

    public IReadOnlyDictionary<RequestKind, Count> Kinds => _kinds;

    /// <summary>How often by reason.</summary>
    public IReadOnlyDictionary<string, long> Errors => _errors;

    /// <summary>From the end of the warm-up on; null where nothing was due.</summary>
    public IReadOnlyList<Count?> Steps => _steps;

    /// <summary>How long requests were kept back by this machine.</summary>
    public LatencyHistogram SendDelay { get; } = new(digits: 2);

    public void Add(Reading reading)
    {
        if (reading.At < _warmUp)
            return;
        int step = Math.Min((int)((reading.At - _warmUp) / StepLength), _steps.Length - 1);
        lock (_lock)
        {
            if (!_kinds.TryGetValue(reading.Kind, out Count? kind))
                _kinds.Add(reading.Kind, kind = new Count(digits: 3));
            All.Add(reading);
            kind.Add(reading);
            (_steps[step] ??= new Count(digits: 2)).Add(reading);
            if (reading.Answer.Error is { } error)
                _errors[error] = _errors.GetValueOrDefault(error) + 1;
            if (reading.Answer.Failure != Answer.Unsent)
                SendDelay.Add(reading.SendDelay);
        }
    }

    public void AddAbandoned(TimeSpan at)
    {
        if (at >= _warmUp)
            Interlocked.Increment(ref _abandoned);
    }

    /// <summary>One line on how it goes.</summary>
    public string Describe()
    {
        TimeSpan measured = LastDue - _warmUp;
        if (measured < TimeSpan.Zero)
            return "Warming up ...";
        lock (_lock)
        {
            return $"{measured.TotalSeconds,5:0} s: {All.Requests:N0} requests, p50 {Milliseconds.Text(All.Latency.Percentile(50))}, "
                + $"p95 {Milliseconds.Text(All.Latency.Percentile(95))}, {All.Errors:N0} errors, {All.Limited:N0} refused (429)";
        }
    }

    /// <summary>Counts of some requests.</summary>
    internal sealed class Count(int digits)
    {
        public long Requests { get; private set; }

        public long Good { get; private set; }

        public long Errors { get; private set; }

        public long Limited { get; private set; }

        /// <summary>Answers that say something of the cache.</summary>
        public long Told { get; private set; }

        /// <summary>Stale ones as well.</summary>
        public long Hits { get; private set; }

        public long Stale { get; private set; }

        /// <summary>Share of hits among the answers that tell; null of none.</summary>
        public double? HitRatio => Told == 0 ? null : (double)Hits / Told;

        /// <summary>Of what was answered well, and of what failed only after a wait.</summary>
        public LatencyHistogram Latency { get; } = new(digits);

        public void Add(Reading reading)
        {
            Answer answer = reading.Answer;
            Requests++;
            Limited += answer.IsLimited ? 1 : 0;
            Errors += answer.Error is null ? 0 : 1;
            Good += answer.IsLimited || answer.Error is not null ? 0 : 1;
            Told += answer.Cache == CacheOutcome.Unknown ? 0 : 1;
            Hits += answer.Cache is CacheOutcome.Hit or CacheOutcome.Stale ? 1 : 0;
            Stale += answer.Cache == CacheOutcome.Stale ? 1 : 0;
            if (answer.HasLatency(reading.Latency))
                Latency.Add(reading.Latency);
        }
    }
}
