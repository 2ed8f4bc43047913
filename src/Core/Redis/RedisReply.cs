namespace TByte.Functions.Redis;

/// <summary>What came of a call through the gate: an answer, or none within the budget.</summary>
internal readonly struct RedisReply<T>(T value)
{
    private readonly T _value = value;

    /// <summary>False when Redis is away, was too slow or refused: go on without it.</summary>
    public bool Answered { get; } = true;

    public T Value => Answered ? _value : throw new InvalidOperationException("Redis did not answer.");
}
