using StackExchange.Redis;
using TByte.Functions.Core.Tests.Redis;
using TByte.Functions.Redis;

namespace TByte.Functions.Core.Tests.Resilience;

/// <summary>Something that runs the breakers' scripts, and lets a test look into the hash and put it into any condition.</summary>
internal interface IBreakerServer : IAsyncDisposable
{
    ScriptCall Call { get; }

    Task<Dictionary<string, string>> ReadAsync(string key);

    Task SetAsync(string key, string field, string value);

    Task<long> NowAsync();
}

/// <summary>A server that speaks Redis' protocol.</summary>
internal sealed class ConnectedBreakerServer(ConnectionMultiplexer connection) : IBreakerServer
{
    private readonly IDatabase _redis = connection.GetDatabase();

    public ScriptCall Call => async (script, key, arguments) => (string?)await _redis.ScriptEvaluateAsync(script, [key], arguments);

    public static async Task<IBreakerServer> ConnectAsync(string server) =>
        new ConnectedBreakerServer(await ConnectionMultiplexer.ConnectAsync(server));

    public async Task<Dictionary<string, string>> ReadAsync(string key) =>
        (await _redis.HashGetAllAsync(key)).ToDictionary(field => field.Name.ToString(), field => field.Value.ToString());

    public Task SetAsync(string key, string field, string value) => _redis.HashSetAsync(key, field, value);

    public async Task<long> NowAsync()
    {
        RedisResult[] time = (RedisResult[])(await _redis.ExecuteAsync("TIME"))!;
        return (long)time[0] * 1_000 + (long)time[1] / 1_000;
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();
}

/// <summary>The simulation that the histories run on: what it promises must be what servers keep.</summary>
internal sealed class SimulatedBreakerServer : IBreakerServer
{
    private readonly SimulatedRedis _redis = new() { Now = DateTimeOffset.FromUnixTimeMilliseconds(1_800_000_000_000) };

    public ScriptCall Call => (script, key, arguments) => new ValueTask<string?>(_redis.Evaluate(script, key, arguments));

    public Task<Dictionary<string, string>> ReadAsync(string key) => Task.FromResult(new Dictionary<string, string>(_redis.Hash(key)));

    public Task SetAsync(string key, string field, string value)
    {
        _redis.Set(key, field, value);
        return Task.CompletedTask;
    }

    public Task<long> NowAsync() => Task.FromResult(_redis.Now.ToUnixTimeMilliseconds());

    public ValueTask DisposeAsync()
    {
        _redis.Dispose();
        return ValueTask.CompletedTask;
    }
}
