namespace TByte.Functions.Throttling;

/// <summary>How fast slots come free, as the mean of how long the last ones were held.</summary>
internal sealed class QueuePace(HeavyQueryOptions options)
{
    private const double NewestWeighs = 0.125;

    private static readonly TimeSpan Least = TimeSpan.FromSeconds(1);

    private double _meanSeconds;

    public void Held(TimeSpan time) =>
        _meanSeconds = _meanSeconds == 0 ? time.TotalSeconds : _meanSeconds + NewestWeighs * (time.TotalSeconds - _meanSeconds);

    /// <summary>
    /// How long it takes until those who wait and one more have had their turn, mean × (waiting + 1) ÷ limit, from 1 s to the budget of
    /// a query; then up to twice that at random, so that those who are refused together do not come back together.
    /// </summary>
    public TimeSpan RetryAfter(int waiting, int limit)
    {
        double seconds = _meanSeconds * (waiting + 1) / limit;
        double most = Math.Max(Least.TotalSeconds, options.QueryBudget.TotalSeconds);
        return TimeSpan.FromSeconds(Math.Clamp(seconds, Least.TotalSeconds, most) * (1 + Random.Shared.NextDouble()));
    }
}
