namespace TByte.Functions.Postgres;

/// <summary>Bounds second attempts to a share of the reads and a small burst, so that slow servers are not asked twice as much.</summary>
internal sealed class HedgeBudget(double share)
{
    public const int Burst = 5;

    private readonly Lock _lock = new();
    private double _left = share > 0 ? Burst : 0;

    /// <summary>A read earns its share of a hedge.</summary>
    public void Earn()
    {
        lock (_lock)
            _left = Math.Min(Burst, _left + share);
    }

    /// <summary>Takes one hedge; false when there is none left.</summary>
    public bool TrySpend()
    {
        lock (_lock)
        {
            if (_left < 1)
                return false;

            _left--;
            return true;
        }
    }
}
