namespace TByte.Functions.IncidentReplay.Reports;

/// <summary>Tells how a load goes while it goes.</summary>
internal static class LoadProgress
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    /// <summary>One line every few seconds, until it is ended.</summary>
    public static async Task ShowAsync(Tally tally, Action<string> say, TimeProvider time, CancellationToken cancellationToken)
    {
        using PeriodicTimer timer = new(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(cancellationToken))
                say(tally.Describe());
        }
        catch (OperationCanceledException)
        {
            // The load is over.
        }
    }
}
