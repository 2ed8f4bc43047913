using System;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Asks the host to run a failed function again.</summary>
[AttributeUsage(AttributeTargets.Method)]
public abstract class RetryAttribute : Attribute
{
    /// <summary>How often the host tries again; -1 is without end.</summary>
    public int MaxRetryCount { get; set; }
}

/// <summary>Retries after the same delay each time.</summary>
public sealed class FixedDelayRetryAttribute : RetryAttribute
{
    /// <summary>Retries <paramref name="maxRetryCount"/> times, <paramref name="delayInterval"/> ("hh:mm:ss") apart.</summary>
    public FixedDelayRetryAttribute(int maxRetryCount, string delayInterval)
    {
        MaxRetryCount = maxRetryCount;
        DelayInterval = delayInterval;
    }

    /// <summary>The delay between two attempts, "hh:mm:ss".</summary>
    public string DelayInterval { get; }
}

/// <summary>Retries after delays that double.</summary>
public sealed class ExponentialBackoffRetryAttribute : RetryAttribute
{
    /// <summary>Retries <paramref name="maxRetryCount"/> times, between the two intervals ("hh:mm:ss") apart.</summary>
    public ExponentialBackoffRetryAttribute(int maxRetryCount, string minimumInterval, string maximumInterval)
    {
        MaxRetryCount = maxRetryCount;
        MinimumInterval = minimumInterval;
        MaximumInterval = maximumInterval;
    }

    /// <summary>The first delay, "hh:mm:ss".</summary>
    public string MinimumInterval { get; }

    /// <summary>The longest delay, "hh:mm:ss".</summary>
    public string MaximumInterval { get; }
}
