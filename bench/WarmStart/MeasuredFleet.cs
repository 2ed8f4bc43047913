using TByte.Functions.Caching;

namespace TByte.Functions.WarmStart;

/// <summary>Freshly started instances that are asked in turn; what they count of views is not sent.</summary>
internal sealed class MeasuredFleet : IAsyncDisposable
{
    private readonly Backends _backends;
    private readonly ApiInstance[] _instances;
    private readonly HashSet<long> _loaded = [];

    private MeasuredFleet(Backends backends, ApiInstance[] instances)
    {
        _backends = backends;
        _instances = instances;
    }

    /// <summary>Reads of what had been loaded before, and was loaded again.</summary>
    public int LoadedAgain { get; private set; }

    public static async Task<MeasuredFleet> StartAsync(int instances, Backends backends, CancellationToken cancellationToken) => new(
        backends, await Task.WhenAll(Enumerable.Range(0, instances).Select(_ => ApiInstance.StartAsync(backends, cancellationToken))));

    /// <summary>Restarts the first instance alone; returns how many products it then has in memory.</summary>
    public async Task<int> RestartFirstAsync(CancellationToken cancellationToken)
    {
        await _instances[0].DisposeAsync();
        _instances[0] = await ApiInstance.StartAsync(_backends, cancellationToken);
        return _instances[0].Warmed;
    }

    /// <summary>Reads one after the other, the first one on the first instance.</summary>
    public async Task<ReadLog> ReadAsync(IEnumerable<ProductRead> reads, CancellationToken cancellationToken)
    {
        List<CacheOutcome> outcomes = [];
        foreach (ProductRead read in reads)
        {
            ApiInstance instance = _instances[outcomes.Count % _instances.Length];
            CacheAnswer answer = await instance.Catalog.GetAsync(read.Product, cancellationToken);
            outcomes.Add(answer.Outcome);
            if (answer.Outcome == CacheOutcome.Miss && !_loaded.Add(read.Product))
                LoadedAgain++;
        }

        return new ReadLog(outcomes);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ApiInstance instance in _instances)
            await instance.DisposeAsync();
    }
}
