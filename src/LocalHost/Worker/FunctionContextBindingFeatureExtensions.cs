using System;
using TByte.Functions.LocalHost.Hosting;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Reads and replaces what an invocation returned.</summary>
public static class FunctionContextBindingFeatureExtensions
{
    /// <summary>What the invocation returned so far.</summary>
    public static InvocationResult GetInvocationResult(this FunctionContext context) => Invocation(context).GetResult();

    /// <summary>What the invocation returned so far, which must be a <typeparamref name="T"/>.</summary>
    public static InvocationResult<T> GetInvocationResult<T>(this FunctionContext context) => Invocation(context).GetResult<T>();

    private static Invocation Invocation(FunctionContext context) => context as Invocation
        ?? throw new InvalidOperationException($"{context.GetType()} has no invocation result.");
}
