using System;
using System.Collections.Generic;
using System.Diagnostics;
using Microsoft.Azure.Functions.Worker;

namespace TByte.Functions.LocalHost.Hosting;

/// <summary>One invocation. What it offers beyond its result is made when it is asked for.</summary>
internal abstract class Invocation(HostedFunction function) : FunctionContext
{
    private string? _id;
    private InvocationFeatures? _features;
    private IDictionary<object, object>? _items;
    private InvocationTrace? _trace;

    public HostedFunction Function { get; } = function;

    /// <summary>What the function or a middleware returned.</summary>
    public object? Result { get; set; }

    public override string InvocationId => _id ??= Function.NextInvocationId();

    public override string FunctionId => Function.Definition.Id;

    public override FunctionDefinition FunctionDefinition => Function.Definition;

    public override IInvocationFeatures Features => _features ??= new InvocationFeatures();

    public override TraceContext TraceContext => _trace ??= new InvocationTrace(Activity.Current, TraceParent, TraceState);

    public override RetryContext RetryContext => FirstAttempt.Instance;

    public override IDictionary<object, object> Items
    {
        get => _items ??= CreateItems();
        set => _items = value;
    }

    public InvocationResult GetResult() => new UntypedResult(this);

    public InvocationResult<T> GetResult<T>() => Result is T
        ? new TypedResult<T>(this)
        : throw new InvalidOperationException($"The invocation result is {Result?.GetType().ToString() ?? "null"}, not {typeof(T)}.");

    /// <summary>The items replaced or read so far; null while nobody has asked for them.</summary>
    protected IDictionary<object, object>? ExistingItems => _items;

    protected virtual string? TraceParent => null;

    protected virtual string? TraceState => null;

    protected virtual IDictionary<object, object> CreateItems() => new Dictionary<object, object>();

    private sealed class UntypedResult(Invocation invocation) : InvocationResult
    {
        public override object? Value
        {
            get => invocation.Result;
            set => invocation.Result = value;
        }
    }

    private sealed class TypedResult<T>(Invocation invocation) : InvocationResult<T>
    {
        public override T? Value
        {
            get => (T?)invocation.Result;
            set => invocation.Result = value;
        }
    }

    private sealed class InvocationTrace(Activity? activity, string? parent, string? state) : TraceContext
    {
        public override string TraceParent { get; } = activity?.Id ?? parent ?? "";

        public override string TraceState { get; } = activity?.TraceStateString ?? state ?? "";
    }

    private sealed class FirstAttempt : RetryContext
    {
        public static readonly FirstAttempt Instance = new();

        public override int RetryCount => 0;

        public override int MaxRetryCount => 0;
    }
}
