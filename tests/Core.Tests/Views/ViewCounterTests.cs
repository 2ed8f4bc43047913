using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using TByte.Functions.Telemetry;
using TByte.Functions.Views;

namespace TByte.Functions.Core.Tests.Views;

public sealed class ViewCounterTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    private IMeterFactory Meters => _services.GetRequiredService<IMeterFactory>();

    public void Dispose() => _services.Dispose();

    [Fact]
    public void What_was_counted_is_taken_once()
    {
        ViewCounter counter = new(new ViewMetrics(Meters));
        counter.Add(1);
        counter.Add(2);
        counter.Add(1);

        Assert.Equal([new(1, 2), new(2, 1)], counter.Take().OrderBy(static views => views.Product));
        Assert.Empty(counter.Take());
        counter.Add(1);
        Assert.Equal([new ProductViews(1, 1)], counter.Take());
    }

    [Fact]
    public async Task No_read_is_lost_or_taken_twice_while_others_take()
    {
        const int Readers = 4, Reads = 200_000, Products = 5;
        ViewCounter counter = new(new ViewMetrics(Meters));
        Dictionary<long, long> taken = [];
        Task readers = Task.WhenAll(Enumerable.Range(0, Readers).Select(reader => Task.Run(() =>
        {
            for (int i = 0; i < Reads; i++)
                counter.Add(i % Products);
        })));

        // Taken as often as possible, so that counts are closed and opened under the readers.
        while (!readers.IsCompleted)
            Take();
        await readers;
        Take();

        Assert.All(Enumerable.Range(0, Products), product => Assert.Equal(Readers * Reads / Products, taken[product]));

        void Take()
        {
            foreach ((long product, long views) in counter.Take())
                taken[product] = taken.GetValueOrDefault(product) + views;
        }
    }

    [Fact]
    public void More_products_than_can_be_held_are_reported_and_there_is_room_again_once_they_are_taken()
    {
        using MetricCollector<long> dropped = new(Meters, ViewMetrics.MeterName, "tbyte.views.dropped");
        ViewCounter counter = new(new ViewMetrics(Meters), mostProducts: 2);
        counter.Add(1);
        counter.Add(2);
        counter.Add(3);
        counter.Add(1);
        Assert.Equal([new(1, 2), new(2, 1)], counter.Take().OrderBy(static views => views.Product));
        Assert.Equal(1, dropped.GetMeasurementSnapshot().Sum(static measurement => measurement.Value));

        // Nobody has read them since.
        Assert.Empty(counter.Take());
        counter.Add(3);
        Assert.Equal([new ProductViews(3, 1)], counter.Take());
    }
}
