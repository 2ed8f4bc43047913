using Microsoft.Extensions.DependencyInjection;
using TByte.Functions.Core.Tests.Caching;
using TByte.Functions.Testing.Postgres;
using TByte.Functions.Testing.Redis;
using TByte.Functions.Views;

namespace TByte.Functions.Core.Tests.Telemetry;

/// <summary>Views on their way: sent, waiting in the queue, waiting here, moved.</summary>
public sealed class ViewMetricsTests(PostgresFixture postgres)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Views_are_measured_from_the_instance_to_the_database()
    {
        await using TestRedis redis = await TestRedis.StartAsync(Token);
        await using CacheInstance instance = await CacheInstance.StartAsync(
            await postgres.CreateDatabaseAsync(), redis.Connection, static services => services.AddViewSender().AddViewMover(), ("Views:FlushInterval", "00:01:00"));
        ViewCounter counter = instance.Services.GetRequiredService<ViewCounter>();
        ViewSender sender = instance.Services.GetRequiredService<ViewSender>();
        using Measurements measured = new(instance.Services);

        for (int batch = 1; batch <= 2; batch++)
        {
            counter.Add(1);
            counter.Add(2);
            Assert.True(await sender.SendAsync());
            Assert.Equal(batch, measured.Of("tbyte.views.queue.length")[^1]);
            Assert.Equal(0, measured.Of("tbyte.views.unsent")[^1]);
        }

        Assert.Equal(4, measured.Of("tbyte.views.sent").Sum());
        await instance.Services.GetRequiredService<ViewMover>().MoveAsync(Token);
        Assert.Equal(4, measured.Of("tbyte.views.moved").Sum());

        await redis.DisposeAsync();
        counter.Add(1);
        Assert.False(await sender.SendAsync());
        Assert.Equal(1, measured.Of("tbyte.views.unsent")[^1]);
        Assert.Empty(measured.Of("tbyte.views.dropped"));
    }
}
