using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.DependencyInjection;
using TByte.Functions.Views;

namespace TByte.Functions.Micro;

/// <summary>What counting its view adds to a read.</summary>
[MemoryDiagnoser]
public class ViewCounting
{
    private SeededCatalog? _seeded;
    private ViewCounter? _counter;

    [GlobalSetup]
    public async Task StartAsync()
    {
        _seeded = await SeededCatalog.StartAsync();
        _counter = _seeded.Services.GetRequiredService<ViewCounter>();
    }

    [GlobalCleanup]
    public async Task StopAsync() => await _seeded!.DisposeAsync();

    [Benchmark(Description = "ViewCounter.Add")]
    public void Count() => _counter!.Add(SeededCatalog.Product);
}
