namespace Microsoft.Azure.Functions.Worker;

/// <summary>What an invocation returned.</summary>
public abstract class InvocationResult : InvocationResult<object>;

/// <summary>What an invocation returned.</summary>
public abstract class InvocationResult<T>
{
    /// <summary>The value; setting it replaces what the function returned.</summary>
    public abstract T? Value { get; set; }
}
