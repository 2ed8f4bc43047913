using System;
using System.Linq.Expressions;
using System.Threading.Tasks;

namespace TByte.Functions.LocalHost.Hosting;

/// <summary>Keeps what a function returned in its invocation, without a state machine when the function is already done.</summary>
internal static class FunctionReturn
{
    public static Expression Keep(MethodCallExpression call, ParameterExpression invocation)
    {
        Type type = call.Type;
        if (type == typeof(void))
            return Expression.Block(call, Expression.Constant(Task.CompletedTask));
        if (type == typeof(Task))
            return call;
        if (type == typeof(ValueTask))
            return Expression.Call(call, nameof(ValueTask.AsTask), null);
        if (IsA(type, typeof(Task<>)))
            return Expression.Call(typeof(FunctionReturn), nameof(KeepTask), type.GetGenericArguments(), call, invocation);
        if (IsA(type, typeof(ValueTask<>)))
            return Expression.Call(typeof(FunctionReturn), nameof(KeepValueTask), type.GetGenericArguments(), call, invocation);
        return Expression.Call(typeof(FunctionReturn), nameof(KeepValue), null, Expression.Convert(call, typeof(object)), invocation);
    }

    private static bool IsA(Type type, Type definition) => type.IsConstructedGenericType && type.GetGenericTypeDefinition() == definition;

    private static Task KeepValue(object? value, Invocation invocation)
    {
        invocation.Result = value;
        return Task.CompletedTask;
    }

    private static Task KeepTask<T>(Task<T> task, Invocation invocation) =>
        task.IsCompletedSuccessfully ? KeepValue(task.Result, invocation) : Await(task, invocation);

    private static Task KeepValueTask<T>(ValueTask<T> task, Invocation invocation) =>
        task.IsCompletedSuccessfully ? KeepValue(task.Result, invocation) : Await(task.AsTask(), invocation);

    private static async Task Await<T>(Task<T> task, Invocation invocation) => invocation.Result = await task;
}
