using StackExchange.Redis;
using TByte.Functions.Views;

namespace TByte.Functions.Fleet.Tests.Views;

/// <summary>The queue of views, past all that stands between an app and Redis.</summary>
internal sealed class QueuedViews : IAsyncDisposable
{
    private const string Key = "tb:{views}:queue";

    private readonly ConnectionMultiplexer _redis;

    private QueuedViews(ConnectionMultiplexer redis) => _redis = redis;

    public static async Task<QueuedViews> ConnectAsync(string redis) => new(await ConnectionMultiplexer.ConnectAsync(redis));

    public Task<long> BatchesAsync() => _redis.GetDatabase().ListLengthAsync(Key);

    /// <summary>The sum over all batches.</summary>
    public async Task<long> ViewsAsync()
    {
        RedisValue[] batches = await _redis.GetDatabase().ListRangeAsync(Key);
        return batches.Sum(static batch => ViewBatch.Parse(batch.ToString())!.Products.Sum(static product => product.Views));
    }

    public ValueTask DisposeAsync() => _redis.DisposeAsync();
}
