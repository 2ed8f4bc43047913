using System;
using System.Threading.Tasks;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Extensions.Hosting;

/// <summary>Adds middleware to a function app.</summary>
public static class MiddlewareWorkerApplicationBuilderExtensions
{
    /// <summary>Adds <typeparamref name="T"/>, of which the app has one instance.</summary>
    public static IFunctionsWorkerApplicationBuilder UseMiddleware<T>(this IFunctionsWorkerApplicationBuilder builder)
        where T : class, IFunctionsWorkerMiddleware
    {
        builder.Services.AddSingleton<T>();
        return builder.Use(next => new SingletonStep<T>(next).Invoke);
    }

    /// <summary>Adds <typeparamref name="T"/> for the invocations that <paramref name="predicate"/> selects.</summary>
    public static IFunctionsWorkerApplicationBuilder UseWhen<T>(
        this IFunctionsWorkerApplicationBuilder builder, Func<FunctionContext, bool> predicate)
        where T : class, IFunctionsWorkerMiddleware
    {
        builder.Services.AddSingleton<T>();
        return builder.Use(next =>
        {
            SingletonStep<T> step = new(next);
            return context => predicate(context) ? step.Invoke(context) : next(context);
        });
    }

    /// <summary>Adds a delegate as middleware.</summary>
    public static IFunctionsWorkerApplicationBuilder UseMiddleware(
        this IFunctionsWorkerApplicationBuilder builder, Func<FunctionContext, Func<Task>, Task> middleware) =>
        builder.Use(next => context => middleware(context, () => next(context)));

    /// <summary>Adds a delegate as middleware for the invocations that <paramref name="predicate"/> selects.</summary>
    public static IFunctionsWorkerApplicationBuilder UseWhen(
        this IFunctionsWorkerApplicationBuilder builder,
        Func<FunctionContext, bool> predicate,
        Func<FunctionContext, Func<Task>, Task> middleware) =>
        builder.Use(next => context => predicate(context) ? middleware(context, () => next(context)) : next(context));

    /// <summary>Looks its middleware up once: asking each time would create the scope of every invocation.</summary>
    private sealed class SingletonStep<T>(FunctionExecutionDelegate next)
        where T : class, IFunctionsWorkerMiddleware
    {
        private T? _middleware;

        public Task Invoke(FunctionContext context) =>
            (_middleware ??= context.InstanceServices.GetRequiredService<T>()).Invoke(context, next);
    }
}
