namespace TByte.Functions.Diagnosis;

/// <summary>What a look at Redis leaves to the next one.</summary>
/// <param name="Counter">Its counters.</param>
/// <param name="Keys">How many keys there were.</param>
/// <param name="Instances">Answers of the caches and refusals of rate limits, by instance.</param>
/// <param name="BreakerEpochs">The epoch of each breaker.</param>
public sealed record RedisMemory(
    RedisCounter Counter, long Keys, IReadOnlyDictionary<string, InstanceMemory> Instances, IReadOnlyDictionary<string, long> BreakerEpochs);

/// <summary>Counters of an instance.</summary>
/// <param name="Cache">Answers of its cache.</param>
/// <param name="Refused">Requests that its rate limits have refused.</param>
public sealed record InstanceMemory(CacheUse Cache, long Refused);
