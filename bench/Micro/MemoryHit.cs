using BenchmarkDotNet.Attributes;
using TByte.Functions.Caching;
using TByte.Functions.Products;

namespace TByte.Functions.Micro;

/// <summary>A product that is in memory, as the function asks for it.</summary>
[MemoryDiagnoser]
public class MemoryHit
{
    private SeededCatalog? _seeded;
    private ProductCatalog? _catalog;

    [GlobalSetup]
    public async Task StartAsync()
    {
        _seeded = await SeededCatalog.StartAsync();
        _catalog = _seeded.Catalog;
    }

    [GlobalCleanup]
    public async Task StopAsync() => await _seeded!.DisposeAsync();

    [Benchmark(Description = "ProductCatalog.GetAsync, memory hit")]
    public CacheAnswer Read()
    {
        ValueTask<CacheAnswer> answer = _catalog!.GetAsync(SeededCatalog.Product, CancellationToken.None);
        return answer.IsCompletedSuccessfully ? answer.Result : throw new InvalidOperationException("The product is not in memory.");
    }
}
