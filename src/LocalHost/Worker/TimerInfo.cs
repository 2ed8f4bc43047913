using System;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>What a timer function is told about its run.</summary>
public class TimerInfo
{
    /// <summary>Where the schedule stands.</summary>
    public ScheduleStatus? ScheduleStatus { get; set; }

    /// <summary>Whether the run comes later than scheduled.</summary>
    public bool IsPastDue { get; set; }
}

/// <summary>Where a timer's schedule stands.</summary>
public class ScheduleStatus
{
    /// <summary>The last scheduled occurrence.</summary>
    public DateTime Last { get; set; }

    /// <summary>The next scheduled occurrence.</summary>
    public DateTime Next { get; set; }

    /// <summary>When this status was written.</summary>
    public DateTime LastUpdated { get; set; }
}
