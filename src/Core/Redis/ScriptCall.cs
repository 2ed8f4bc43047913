using StackExchange.Redis;

namespace TByte.Functions.Redis;

/// <summary>Runs a script on one key of the shared store; null when the store gives no answer in time.</summary>
internal delegate ValueTask<string?> ScriptCall(string script, RedisKey key, RedisValue[] arguments);

/// <summary>Scripts through the gate.</summary>
internal static class GatedScripts
{
    /// <summary>The script call that passes the gate: within its budget, and not at all while Redis is away.</summary>
    public static ScriptCall Scripts(this RedisGate gate, RedisPurpose purpose) => async (script, key, arguments) =>
    {
        RedisReply<RedisResult> reply = await gate.CallAsync(purpose, (script, key, arguments), static (redis, call) =>
            redis.ScriptEvaluateAsync(call.script, [call.key], call.arguments)).ConfigureAwait(false);
        return reply.Answered ? (string?)reply.Value : null;
    };
}
